// The page: pick a scene, ask, see what was measured.

import "ol/ol.css";
import "./app.css";
import * as api from "./api.ts";
import { byId, fill, make, option } from "./dom.ts";
import { SceneMap } from "./map.ts";
import * as numbers from "./numbers.ts";
import * as result from "./result.ts";
import { placeOf } from "./table.ts";
import { Tools } from "./tools.ts";
import { askToken, prepareUpload } from "./upload.ts";

const picker = byId<HTMLSelectElement>("scene");
const question = byId<HTMLTextAreaElement>("question");
const gsd = byId<HTMLInputElement>("gsd");
const segmenter = byId<HTMLSelectElement>("segmenter");
const coder = byId<HTMLSelectElement>("coder");
const program = byId<HTMLTextAreaElement>("program");
const progress = byId("progress");
const buttons = [byId<HTMLButtonElement>("submit"), byId<HTMLButtonElement>("run")];

const target = byId("map");
const map = new SceneMap(target);
const tools = new Tools(map, target);
const openUpload = prepareUpload((scene) =>
  inTurn(async () => {
    await listScenes();
    await openScene(scene.id);
  }),
);

let current: api.Scene | null = null;
let opening: Promise<void> = Promise.resolve(); // the scene picked last
let written = ""; // the program as it was answered

async function start(): Promise<void> {
  try {
    await api.options();
  } catch (error) {
    if (error instanceof api.Refusal && error.status === 401) await askToken();
    else throw error;
  }
  const options = await api.options();
  fill(coder, ...options.coders.map((name) => option(name, name === "builtin" ? "the built-in coder" : name)));
  const scenes = await listScenes();
  const [kind, name] = location.hash.slice(1).split("/");
  if (kind === "answer" && name) {
    try {
      const view = await api.view(decodeURIComponent(name));
      await openScene(view.scene);
      return await showAnswer(decodeURIComponent(name));
    } catch (error) {
      if (!(error instanceof api.Refusal)) throw error; // it has expired: begin anew
      history.replaceState(null, "", "/");
    }
  }
  const first = scenes[0];
  if (first) await openScene(first.id);
  byId("empty").hidden = Boolean(first);
}

async function listScenes(): Promise<api.SceneEntry[]> {
  const scenes = await api.scenes();
  const group = (label: string, origin: string): Node[] => {
    const found = scenes.filter((scene) => scene.origin === origin);
    if (!found.length) return [];
    return [make("optgroup", { label }, ...found.map((scene) => option(scene.id, scene.name)))];
  };
  fill(picker, ...group("Uploaded", "upload"), ...group("In the folders", "folder"));
  picker.disabled = !scenes.length;
  if (current) picker.value = current.id;
  return scenes;
}

/** Scenes open one after the other, and what is asked waits for the last: an answer belongs to the scene that is shown. */
function inTurn(open: () => Promise<void>): void {
  opening = opening.then(open).catch((error: Error) => {
    if (current) picker.value = current.id;
    fail({ error: error.message, kind: "" });
  });
}

async function openScene(name: string): Promise<void> {
  tools.stop();
  clear();
  byId("empty").hidden = true;
  const scene = await api.scene(name);
  current = scene;
  picker.value = scene.id;
  map.show(scene);
  document.title = `${scene.name} · Planimeter`;
  const size = `${numbers.count(scene.width)} × ${numbers.count(scene.height)} pixels`;
  byId<HTMLDetailsElement>("examples-box").open = true;
  byId("scene-facts").textContent = [size, numbers.scale(scene.gsd, scene.scale_source), scene.crs ?? ""]
    .filter(Boolean)
    .join(" · ");
  gsd.placeholder = scene.gsd === null ? "unknown" : "from the file";
  fill(segmenter, ...scene.segmenters.map(({ name, shown }) => option(name, shown)));
  fill(byId("examples"), ...scene.examples.map(askable));
}

/** A button that asks a question. */
function askable(text: string): HTMLElement {
  const button = make("button", { type: "button", class: "chip" }, text);
  button.addEventListener("click", () => {
    question.value = text;
    question.focus();
    byId<HTMLFormElement>("ask").requestSubmit();
  });
  return button;
}

function clear(): void {
  byId("result").hidden = true;
  byId("error").hidden = true;
  progress.textContent = "";
}

const place = (): object => ({
  scene: current?.id,
  gsd: gsd.value ? Number(gsd.value) : null,
  segmenter: segmenter.value || null,
});

async function work(send: () => Promise<api.Job>): Promise<void> {
  for (const button of buttons) button.disabled = true;
  byId("error").hidden = true;
  progress.textContent = "sending";
  document.body.classList.add("busy");
  try {
    await opening;
    if (!current) return openUpload();
    const sent = await send();
    const job = await api.follow(sent, (state) => (progress.textContent = state.step));
    if (job.error) return fail(job.error);
    history.replaceState(null, "", `#answer/${encodeURIComponent(job.id)}`);
    await showAnswer(job.id);
  } catch (error) {
    fail(error instanceof api.Refusal ? error.reply : { error: (error as Error).message, kind: "" });
  } finally {
    progress.textContent = "";
    document.body.classList.remove("busy");
    for (const button of buttons) button.disabled = false;
  }
}

function fail(reply: { error: string; kind: string; suggestions?: string[] }): void {
  byId("result").hidden = true;
  byId("error").hidden = false;
  byId("error-text").textContent = reply.error.replaceAll("--gsd", "the metres per pixel (under Options)");
  fill(byId("error-try"), ...(reply.suggestions ?? []).map(askable));
  if (reply.kind === "ScaleError") {
    byId<HTMLDetailsElement>("options").open = true;
    gsd.focus();
  }
  if (reply.kind === "CheckFailed" || reply.kind === "ProgramFailed") {
    byId("result").hidden = program.value === "";
  }
}

async function showAnswer(name: string): Promise<void> {
  const [answer, view] = await Promise.all([api.answer(name), api.view(name)]);
  if (view.kind === "ask") question.value = answer.question;
  result.showAnswer(name, answer, view);
  written = program.value;
  map.useScale(answer.gsd);
  const shapes = await map.showAnswer(name, view.layers, view.shapes_drawn);
  result.showLayers(map, view.layers);
  result.showShapes(map, shapes, view.shapes_drawn, answer);
  map.pointAt(placeOf(answer));
  byId("error").hidden = true;
  byId("result").hidden = false;
  byId<HTMLDetailsElement>("examples-box").open = false;
  byId("answer-title").closest("section")?.scrollIntoView({ block: "nearest" });
}

byId("ask").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = question.value.trim();
  if (text) void work(() => api.ask({ ...place(), question: text, coder: coder.value || null }));
});
question.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    byId<HTMLFormElement>("ask").requestSubmit();
  }
});
byId("run").addEventListener("click", () => void work(() => api.run({ ...place(), program: program.value })));
byId("reset").addEventListener("click", () => (program.value = written));
byId("fit").addEventListener("click", () => map.fit());
byId("add-scene").addEventListener("click", openUpload);
byId("empty-add").addEventListener("click", openUpload);
picker.addEventListener("change", () => {
  history.replaceState(null, "", "/");
  const wanted = picker.value; // read now: a scene that is still opening sets the picker to itself
  inTurn(() => openScene(wanted));
});
inTurn(start);
