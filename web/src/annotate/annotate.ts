// The annotator's page: which question is shown, what is kept when, and which key does what.

import "ol/ol.css";
import "./annotate.css";
import { byId, fill, make } from "../dom.ts";
import { Editor, type Tool } from "./editor.ts";
import * as server from "./server.ts";
import type { Place, Project, Question } from "./server.ts";
import { Viewer } from "./viewer.ts";

const IDLE = 60_000; // ms without a touch after which time is no longer counted
const KINDS: Record<Question["tool"], string | Record<string, string>> = {
  grid: { "%": "Percentage", ha: "Area" }, points: "Count", ruler: "Distance", choice: "Choice", number: "Number",
};
const HINTS: Record<Question["tool"], string> = {
  grid: "Select every cell that is at least half covered: click, or drag to paint. A stroke that begins on a selected cell frees cells.",
  points: "Click each thing once. Erase takes the nearest point away.",
  ruler: "Click both ends of the distance, or drag from one end to the other.",
  choice: "Choose the answer that fits.",
  number: "Work the number out and type it; the ruler helps.",
};
const input = (id: string): HTMLInputElement => byId<HTMLInputElement>(id);
const button = (id: string): HTMLButtonElement => byId<HTMLButtonElement>(id);

const CHANGING = ["clear", "skip", "save", "note", "typed", "grid"]; // off for who only looks

let project: Project;
let current = 0;
let seconds = 0; // at the question shown
let touched = Date.now();
let saving: number | null = null; // timer of the next draft
let keeping: Promise<unknown> = Promise.resolve(); // the drafts on their way, one after the other
let visits = 0; // to questions, counted
let submitting = false;
let loaded = false; // whether the question shown may be saved

const gridAnswers = new Map<string, server.GridAbout>();
const gridOf = async (image: number, n: number): Promise<server.GridAbout> => {
  const path = `images/${project.images[image]!.address}/grid/${n}`;
  const known = gridAnswers.get(path) ?? (await server.call<server.GridAbout>("GET", path));
  gridAnswers.set(path, known);
  return known;
};
const viewer = new Viewer(byId("tiles"), byId<HTMLCanvasElement>("picture"), {
  press: (place) => editor.press(place),
  drag: (place) => editor.drag(place),
  release: (place) => editor.release(place),
  cancel: () => editor.cancel(),
  hover: (place) => { editor.hover(place); showWhere(place); },
  draw: (context, shown) => editor.draw(context, shown),
});
const editor: Editor = new Editor(viewer, gridOf, () => { showAnswer(); keepSoon(); });

/* ---- loading and going on ---- */

async function begin(): Promise<void> {
  project = await server.call<Project>("GET", "project");
  document.title = `${project.title} · Planimeter`;
  byId("title").textContent = project.title;
  byId("person").textContent = project.reading ? `${project.annotator} · read only` : project.annotator;
  if (project.reading) for (const id of CHANGING) input(id).disabled = true;
  if (!project.questions.length) {
    byId("question").textContent = "There is no question for you at the moment";
    for (const each of document.querySelectorAll<HTMLButtonElement>(".go button, .tools button")) each.disabled = true;
    return;
  }
  const open = project.questions.findIndex((question) => question.state === "open");
  await go(open < 0 ? 0 : open);
}

/** Where the server has one of this person's questions. */
const placeOf = (number: number): string => `questions/${project.questions[number]!.address}`;

async function go(number: number): Promise<void> {
  if (number < 0 || number >= project.questions.length) return;
  const visit = ++visits;
  const own = await server.call<server.Own>("GET", placeOf(number));
  await keepNow();
  if (visit !== visits) return; // somebody was quicker and wants another question
  loaded = false;
  current = number;
  seconds = own.seconds;
  const question = project.questions[number]!;
  const image = project.images[question.image]!;
  input("note").value = own.note;
  const picture = { ...image, id: image.address, levels: image.levels - 1, side: project.tile };
  viewer.show(picture, (level, column, row) =>
    server.address(`images/${image.address}/tiles/${level}/${column}/${row}`),
  );
  await editor.open(question, image, own.work);
  if (visit !== visits) return;
  if (project.reading) editor.use("move");
  loaded = true;
  showQuestion(question, image);
  showAnswer();
  showProgress();
  say(own.unsaved ? "Not submitted yet" : { open: "", answered: "Submitted", skipped: "Skipped" }[own.state]);
}

async function submit(skipped: boolean): Promise<void> {
  if (!loaded || submitting || project.reading) return;
  if (!skipped && editor.value === null) return fail("There is no answer yet: mark it first, or skip the question.");
  stopSaving();
  submitting = true;
  const number = current;
  const body = { work: editor.work, note: input("note").value, seconds, skipped };
  try {
    await keeping; // a draft that came after the answer would take its place
    Object.assign(project.questions[number]!, await server.call<object>("POST", `${placeOf(number)}/answer`, body));
    const isOpen = (question: Question): boolean => question.state === "open";
    const after = project.questions.findIndex((question, k) => k > current && isOpen(question));
    const next = after >= 0 ? after : project.questions.findIndex(isOpen);
    await go(next >= 0 ? next : current);
    if (next < 0) say("All questions are done. Thank you!");
  } catch (error) {
    fail(messageOf(error));
    if (!(error instanceof server.Changed)) keepSoon();
  } finally {
    submitting = false;
  }
}

/* ---- keeping drafts ---- */

function stopSaving(): void {
  if (saving !== null) clearTimeout(saving);
  saving = null;
}

function keepSoon(): void {
  if (!loaded || project.reading) return;
  say("Saving…");
  stopSaving();
  saving = window.setTimeout(keepNow, 400);
}

async function keepNow(leaving = false): Promise<void> {
  if (saving === null || !loaded) return;
  stopSaving();
  const number = current;
  const marks = { work: editor.work, note: input("note").value, seconds };
  const send = (): Promise<unknown> => server.call("PUT", `${placeOf(number)}/draft`, marks, leaving);
  const sent = leaving ? send() : keeping.then(send);
  keeping = sent.catch(() => {});
  try {
    await sent;
    if (saving === null) say("Draft saved");
  } catch (error) {
    say(error instanceof server.Offline ? "Not saved: the server cannot be reached" : messageOf(error), true);
    if (number === current && saving === null && !(error instanceof server.Changed)) saving = window.setTimeout(keepNow, 3000);
  }
}

/* ---- showing ---- */

function showQuestion(question: Question, image: server.ImageAbout): void {
  const kind = KINDS[question.tool];
  byId("number").textContent = `Question ${current + 1} of ${project.questions.length}`;
  byId("kind").textContent = [typeof kind === "string" ? kind : kind[question.unit ?? ""], question.topic].filter(Boolean).join(" · ");
  byId("question").textContent = question.question;
  byId("hint").textContent = HINTS[question.tool];
  byId("scale").textContent = image.scale
    ? `${image.width} × ${image.height} px · ${Number(image.scale.gsd.toPrecision(4))} m per pixel`
    : `${image.width} × ${image.height} px · no scale: nothing can be measured in metres`;
  byId("problem").hidden = !question.problem;
  byId("problem").textContent = question.problem ?? "";
  byId("grid-row").hidden = question.tool !== "grid";
  byId("number-row").hidden = question.tool !== "number";
  input("typed").value = String(editor.typed ?? "");
  byId("typed-unit").textContent = question.unit ?? "";
  byId("ring-row").hidden = !(question.distance_m && image.scale);
  byId("ring-text").textContent = `Show ${question.distance_m} m around the pointer (C)`;
  input("ring").checked = editor.ring = Boolean(editor.ring && question.distance_m && image.scale);
  byId("choices").hidden = question.tool !== "choice";
  const legend = byId("choices").querySelector("legend")!;
  fill(byId("choices"), legend, ...question.categories.map(choiceOf));
}

function choiceOf(word: string, k: number): HTMLLabelElement {
  const choice = make("input", {
    type: "radio", name: "choice", value: word, checked: editor.choice === word, disabled: project.reading,
  });
  choice.addEventListener("change", () => choose(word));
  return make("label", {}, choice, make("span", {}, word), make("kbd", {}, k < 9 ? String(k + 1) : ""));
}

function choose(word: string): void {
  if (project.reading) return;
  editor.choice = word;
  for (const each of byId("choices").querySelectorAll("input")) each.checked = each.value === word;
  showAnswer();
  keepSoon();
}

/** The answer so far as people read it. */
function worded(question: Question, value: number | string | null): string {
  if (value === null) return "–";
  if (typeof value === "string") return value;
  if (question.unit === "count") return String(value);
  if (value === 0) return `0 ${question.unit}`;
  const digits = question.unit === "%" || question.unit === "m" ? 1 : 2;
  const shown = question.tool === "number" ? String(value) : value.toFixed(value < 1 ? digits + 1 : digits);
  return `${shown} ${question.unit}`;
}

function showAnswer(): void {
  const question = project.questions[current]!;
  byId("value").textContent = worded(question, editor.value);
  byId("value").classList.toggle("none", editor.value === null);
  if (editor.grid) {
    input("grid").value = String(project.grids.indexOf(editor.grid.n));
    byId("grid-size").textContent = `${editor.grid.n} × ${editor.grid.n}`;
  }
  byId("value").title = editor.grid ? `${editor.grid.selected} of ${editor.grid.valid} cells` : "";
  // Nothing marked is an answer too, but should not be given by mistake.
  byId("save").textContent = editor.value === 0 ? `Save ${worded(question, 0)}` : "Save and next";
  showTools();
  fail(null);
}

/** Whether a tool does anything here; who only looks moves the image. */
function mayUse(tool: Tool): boolean {
  return editor.can(tool) && (!project.reading || tool === "move");
}

const toolOf = (each: HTMLElement): Tool => each.dataset.tool as Tool;
const toolButtons = (): NodeListOf<HTMLButtonElement> => document.querySelectorAll<HTMLButtonElement>("button[data-tool]");

function showTools(): void {
  for (const each of toolButtons()) {
    each.setAttribute("aria-pressed", String(toolOf(each) === editor.tool));
    each.disabled = !mayUse(toolOf(each));
  }
  button("undo").disabled = !editor.past.length;
  button("redo").disabled = !editor.future.length;
}

function showProgress(): void {
  const done = project.questions.filter((question) => question.state !== "open").length;
  const progress = byId<HTMLProgressElement>("progress");
  byId("done").textContent = `${done} of ${project.questions.length}`;
  progress.max = project.questions.length;
  progress.value = done;
  fill(byId("list"), ...project.questions.map((question, number) => {
    const open = make("button", {
      type: "button",
      class: question.state,
      title: question.question,
      "aria-label": `Question ${number + 1}, ${question.state}`,
      "aria-current": number === current ? "true" : undefined,
    }, String(number + 1));
    open.addEventListener("click", () => go(number).catch((error) => fail(messageOf(error))));
    return make("li", {}, open);
  }));
}

function showWhere(place: Place | null): void {
  const cell = place && editor.grid?.at(place);
  byId("where").textContent = cell ? `cell ${cell[0] + 1}, ${cell[1] + 1}` : "";
}

function say(text: string, bad = false): void {
  byId("saved").textContent = text;
  byId("saved").classList.toggle("bad", bad);
}

function fail(text: string | null): void {
  byId("error").hidden = !text;
  byId("error").textContent = text ?? "";
}

/* ---- hands ---- */

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
type Action = () => unknown;
const safely = (action: Action) => (): Promise<unknown> =>
  Promise.resolve().then(action).catch((error) => fail(messageOf(error)));
const use = (tool: Tool): void => {
  if (mayUse(tool)) editor.use(tool);
  showTools();
};
const finer = (by: number): Promise<void> | null => {
  if (!editor.grid || project.reading) return null;
  const n = project.grids[project.grids.indexOf(editor.grid.n) + by];
  return n ? editor.resize(n) : null;
};
const toggleRing = () => {
  if (byId("ring-row").hidden) return;
  editor.ring = !editor.ring;
  input("ring").checked = editor.ring;
  viewer.redraw();
};

for (const each of toolButtons()) each.addEventListener("click", () => use(toolOf(each)));
const clicks: Record<string, Action> = {
  undo: () => editor.undo(), redo: () => editor.redo(), clear: () => editor.clear(), fit: () => viewer.fit(),
  closer: () => viewer.zoom(1.5), farther: () => viewer.zoom(1 / 1.5),
  back: () => go(current - 1), skip: () => submit(true), save: () => submit(false), help: () => byId<HTMLDialogElement>("keys").showModal(),
};
for (const [id, action] of Object.entries(clicks)) byId(id).addEventListener("click", safely(action));
byId("grid").addEventListener("input", safely(() => editor.resize(project.grids[Number(input("grid").value)]!)));
byId("ring").addEventListener("change", () => { editor.ring = input("ring").checked; viewer.redraw(); });
byId("note").addEventListener("input", keepSoon);
byId("typed").addEventListener("input", () => {
  const text = input("typed").value.trim().replace(",", ".");
  editor.typed = text !== "" && Number.isFinite(Number(text)) ? Number(text) : null;
  showAnswer();
  keepSoon();
});

function arrow(event: KeyboardEvent, dx: number, dy: number): void {
  const [w, h] = editor.step(event.shiftKey);
  const from = viewer.cross ?? editor.home();
  const to: Place = viewer.cross ? [from[0] + dx * w, from[1] + dy * h] : from;
  viewer.moveCross(...to);
  if (event.shiftKey && editor.grid && editor.tool !== "move") {
    editor.remember();
    editor.grid.paint(from, viewer.cross ?? to, editor.tool === "mark");
    editor.touch();
  }
}

function space(): void {
  if (project.reading) return;
  if (!viewer.cross) return viewer.moveCross(...editor.home());
  editor.press(viewer.cross);
  if (editor.tool !== "ruler") editor.release(viewer.cross);
  else editor.fresh = false;
}

const KEYS: Record<string, Action> = {
  m: () => use(editor.marksWith), e: () => use("erase"), r: () => use("ruler"), h: () => use("move"),
  "+": clicks.closer!, "=": clicks.closer!, "-": clicks.farther!, 0: clicks.fit!,
  "[": () => finer(-1), "]": () => finer(1), c: toggleRing,
  z: clicks.undo!, y: clicks.redo!, b: clicks.back!, n: () => go(current + 1), s: clicks.skip!, "?": clicks.help!,
  Enter: clicks.save!, Escape: () => { editor.rulers.cancel(); viewer.redraw(); },
};
const ARROWS: Record<string, Place> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

document.addEventListener("keydown", (event) => {
  const target = event.target as HTMLElement;
  if (!loaded || byId<HTMLDialogElement>("keys").open) return;
  const field = target.closest("input, textarea, select");
  const onButton = target.closest("button, summary, a");
  if (field && !(event.key === "Enter" && target.tagName === "INPUT")) return;
  if (onButton && (event.key === "Enter" || event.key === " ")) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() !== "z" || event.altKey) return;
  const choice = project.questions[current]!.categories[Number(event.key) - 1];
  const way = ARROWS[event.key];
  if (target === viewer.canvas && way) arrow(event, ...way);
  else if (target === viewer.canvas && event.key === " ") space();
  else if (choice !== undefined) choose(choice);
  else {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const action = event.shiftKey && key === "z" ? KEYS.y : KEYS[key];
    if (!action) return;
    safely(action)();
  }
  event.preventDefault();
});

for (const kind of ["pointerdown", "pointermove", "keydown", "wheel"]) {
  document.addEventListener(kind, () => { touched = Date.now(); }, { passive: true, capture: true });
}
setInterval(() => {
  if (loaded && document.visibilityState === "visible" && Date.now() - touched < IDLE) seconds += 1;
}, 1000);
document.addEventListener("visibilitychange", () => { if (document.visibilityState === "hidden") keepNow(true); });
addEventListener("pagehide", () => keepNow(true));

begin().catch((error) => {
  byId("question").textContent = "The questions cannot be loaded";
  fail(error.message);
});
