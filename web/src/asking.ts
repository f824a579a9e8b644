// Questions and programs on their way: sent, followed, answered or refused.

import * as api from "./api.ts";
import { byId, fill, make } from "./dom.ts";
import type { SceneMap, Shape } from "./map.ts";
import * as place from "./place.ts";
import * as result from "./result.ts";
import { placeOf } from "./table.ts";
import { showZones } from "./zones.ts";

interface Page {
  /** The scene that is open, once it is. */
  opened: () => Promise<api.Scene | null>;
  order: (kind: "ask" | "run") => object;
  part: () => api.Part;
  /** Shows what of the scene an answer measured. */
  ofAnswer: (asked: api.Asked, outlines: object | null) => Promise<void>;
  /** Lets a person correct an answer. */
  correct: (view: api.View, shapes: Shape[], corrections: api.Correction[]) => void;
  /** Is told that there is another answer. */
  answered: () => void;
  coder: () => string | null;
  noScene: () => void;
}

/** The answer whose program a coder wrote. */
interface Coded {
  id: string;
  question: string;
  program: string;
}

const NOT_OF_A_PROGRAM = ["Busy", "Cancelled", "NotFound", "ScaleError", "TokenNeeded"];

export class Asking {
  private readonly question = byId<HTMLTextAreaElement>("question");
  private readonly program = byId<HTMLTextAreaElement>("program");
  private readonly progress = byId("progress");
  private readonly form = byId<HTMLFormElement>("ask");
  private readonly parts = byId<HTMLProgressElement>("parts");
  private readonly elapsed = byId("elapsed");
  private readonly cancel = byId<HTMLButtonElement>("cancel");
  private coded: Coded | null = null;
  private running: api.Job | null = null; // that Cancel cancels
  private since = 0; // milliseconds, when it was sent

  constructor(
    private readonly map: SceneMap,
    private readonly page: Page,
  ) {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      const question = this.question.value.trim();
      if (question) void this.work("ask", () => api.ask({ ...page.order("ask"), question, coder: page.coder() }));
    });
    this.question.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.form.requestSubmit();
      }
    });
    byId("run").addEventListener("click", () => {
      const program = this.program.value;
      void this.work("run", () => api.run({ ...page.order("run"), program, of: this.coded?.id ?? null }));
    });
    byId("reset").addEventListener("click", () => {
      if (this.coded) this.program.value = this.coded.program;
      byId("program-error").hidden = true;
    });
    this.cancel.addEventListener("click", () => {
      if (this.running) void api.cancel(this.running.id).catch((error: Error) => this.fail(reply(error)));
    });
    setInterval(() => this.tick(), 1000);
    byId("to-coded").addEventListener("click", () => {
      if (!this.coded) return;
      place.push("answer", this.coded.id);
      dispatchEvent(new PopStateEvent("popstate"));
    });
  }

  /** Tells every second how long it takes. */
  private tick(): void {
    if (!document.body.classList.contains("busy")) return;
    const seconds = Math.max(0, Math.round((Date.now() - this.since) / 1000));
    this.elapsed.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  }

  /** A button that asks a question. */
  button(text: string): HTMLElement {
    const button = make("button", { type: "button", class: "chip" }, text);
    button.addEventListener("click", () => {
      this.question.value = text;
      this.question.focus();
      this.form.requestSubmit();
    });
    return button;
  }

  /** Turns to something else: nothing of the last answer stays, and what still runs is told of at its end. */
  leave(): place.Turn {
    const turn = place.turn();
    this.clear();
    byId("program-card").hidden = true;
    this.idle();
    return turn;
  }

  /** Follows a job to its answer. */
  watch(job: api.Job, turn: place.Turn): void {
    void this.follow(job, turn);
  }

  /** Asks a question, or runs a program, once more in what is shown now. */
  again(question: string, program: string | null): void {
    this.question.value = question;
    if (program === null) return this.form.requestSubmit();
    this.program.value = program;
    void this.work("run", () => api.run({ ...this.page.order("run"), program, of: null }));
  }

  async showAnswer(id: string, turn: place.Turn): Promise<void> {
    const [answer, view] = await Promise.all([api.answer(id), api.view(id)]);
    const coded = view.kind === "ask" ? { id, question: answer.question, program: answer.program.trimEnd() } : await found(view.of ?? null);
    const shapes = view.shapes_drawn ? await api.shapes(id) : null;
    const outlines = view.outlined ? await api.answerOutlines(id) : null;
    const corrections = view.asked?.corrections ? await api.corrections(id) : [];
    if (!turn.isOn) return;
    this.coded = coded;
    this.question.value = view.kind === "ask" ? answer.question : "";
    result.showAnswer(id, answer, view, coded?.question ?? "");
    this.map.useScale(answer.gsd);
    const drawn = this.map.showAnswer(id, view.layers, shapes);
    if (view.asked) void this.page.ofAnswer(view.asked, outlines);
    this.page.correct(view, drawn, corrections);
    const layers = [...view.layers];
    if (view.asked?.zones && outlines) {
      this.hide(layers);
      const redrawn = (): void => result.showLayers(this.map, layers);
      layers.push(showZones(this.map, answer, outlines, view.zone_classes ?? {}, redrawn));
    }
    result.showLayers(this.map, layers);
    result.showShapes(this.map, drawn, view.shapes_drawn, answer);
    this.map.pointAt(placeOf(answer));
    this.program.value = answer.program.trimEnd();
    byId("program-card").hidden = answer.program === "";
    byId("reset").hidden = coded === null;
    byId("error").hidden = true;
    byId("result").hidden = false;
    byId<HTMLDetailsElement>("examples-box").open = false;
    byId("answer-title").closest("section")?.scrollIntoView({ block: "nearest" });
  }

  /** Leaves what was counted to be switched on. */
  private hide(layers: api.Layer[]): void {
    for (const { name, role } of layers) if (role === "counted") this.map.overlays.get(name)?.setVisible(false);
  }

  /** Says why there is no answer: where the program is when it was the program's fault. */
  fail(reply: { error: string; kind: string; suggestions?: string[] }, kind = "ask"): void {
    if (kind === "run" && !NOT_OF_A_PROGRAM.includes(reply.kind)) {
      byId("program-error").textContent = reply.error;
      byId("program-error").hidden = false;
      byId<HTMLDetailsElement>("program-card").open = true;
      byId("program-card").hidden = false;
      this.program.focus();
      return;
    }
    byId("error").hidden = false;
    byId("error-text").textContent = reply.error;
    fill(byId("error-try"), ...(reply.suggestions ?? []).map((text) => this.button(text)));
    byId("error").scrollIntoView({ block: "nearest" });
    if (reply.kind === "ScaleError") {
      byId<HTMLDetailsElement>("options").open = true;
      byId("gsd").focus();
    }
  }

  private async work(kind: "ask" | "run", send: () => Promise<api.Job>): Promise<void> {
    if (document.body.classList.contains("busy")) return;
    this.busy("sending");
    let turn: place.Turn | null = null;
    try {
      const scene = await this.page.opened();
      turn = place.turn();
      this.clear();
      if (kind === "ask") byId("program-card").hidden = true;
      if (!scene) {
        this.idle();
        return this.page.noScene();
      }
      this.busy("sending");
      const job = await send();
      if (turn.isOn) place.push("job", job.id, this.page.part());
      await this.follow(job, turn);
    } catch (error) {
      if (turn && !turn.isOn) return;
      this.idle();
      this.fail(reply(error), kind);
    }
  }

  private async follow(sent: api.Job, turn: place.Turn): Promise<void> {
    let known = false;
    try {
      if (turn.isOn) this.since = Math.min(this.since || Infinity, Date.parse(sent.created));
      const told = (job: api.Job): void => {
        if (!turn.isOn) return;
        this.running = job;
        this.busy(job.step, job);
        if (job.answer && !known) {
          known = true;
          this.question.value = job.kind === "ask" ? job.answer.question : "";
          result.showNumber(job.answer, job.answer.text, job.answer.cautions, job.kind);
          byId<HTMLDetailsElement>("examples-box").open = false;
        }
      };
      told(sent);
      const job = await api.follow(sent, told);
      if (!turn.isOn) return this.tellElsewhere(job);
      if (job.error?.kind === "Cancelled") {
        this.clear();
        place.replace("scene", job.scene, this.page.part());
        this.idle("Cancelled.");
      } else if (job.error) {
        place.replace("scene", job.scene, this.page.part());
        this.fail(job.error, job.kind);
      } else {
        place.replace("answer", job.id);
        this.page.answered();
        await this.showAnswer(job.id, turn);
      }
    } catch (error) {
      if (turn.isOn) this.fail(reply(error));
    } finally {
      if (turn.isOn) this.idle(this.progress.textContent === "Cancelled." ? "Cancelled." : "");
    }
  }

  /** Says that something is finished that is no longer looked at. */
  private tellElsewhere(job: api.Job): void {
    if (job.error?.kind === "Cancelled") return;
    const said = job.error ? "Not answered" : "Answered";
    const show = make("button", { type: "button", class: "link" }, "Show");
    const note = make("p", {}, `${said}: ${job.title} `, show);
    show.addEventListener("click", () => {
      note.remove();
      place.push(job.error ? "scene" : "answer", job.error ? job.scene : job.id);
      dispatchEvent(new PopStateEvent("popstate"));
    });
    byId("elsewhere").append(note);
  }

  private clear(): void {
    this.map.clearAnswer();
    byId("result").hidden = true;
    byId("legend").hidden = true;
    byId("error").hidden = true;
    byId("program-error").hidden = true;
    fill(byId("number"));
  }

  private busy(step: string, job: api.Job | null = null): void {
    if (!document.body.classList.contains("busy")) this.since = Date.now();
    if (this.progress.textContent !== step) this.progress.textContent = step;
    document.body.classList.add("busy");
    for (const id of ["submit", "run"]) byId<HTMLButtonElement>(id).disabled = true;
    this.cancel.hidden = job === null;
    this.parts.hidden = !job?.total || job.total < 2;
    if (job?.total) {
      this.parts.max = job.total;
      this.parts.value = job.done ?? 0;
    }
    this.tick();
  }

  private idle(last = ""): void {
    this.running = null;
    this.progress.textContent = last;
    this.elapsed.textContent = "";
    this.cancel.hidden = this.parts.hidden = true;
    document.body.classList.remove("busy");
    for (const id of ["submit", "run"]) byId<HTMLButtonElement>(id).disabled = false;
  }
}

/** What went wrong, as the server said it or as the browser did. */
export const reply = (error: unknown): { error: string; kind: string; suggestions?: string[] } =>
  error instanceof api.Refusal ? error.reply : { error: (error as Error).message, kind: "" };

/** The answer that a changed program came from; null where it is unknown or has expired. */
async function found(of: string | null): Promise<Coded | null> {
  if (of === null) return null;
  try {
    const { question, program } = await api.answer(of);
    return { id: of, question, program: program.trimEnd() };
  } catch (error) {
    if (error instanceof api.Refusal) return null;
    throw error;
  }
}
