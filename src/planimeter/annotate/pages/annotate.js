// The annotator's page: which question is shown, what is kept when, and which key does what.

import { address, call } from "/static/api.js";
import { Desk } from "/static/desk.js";
import { Viewer } from "/static/viewer.js";

const IDLE = 60_000; // ms without a touch after which time is no longer counted
const KINDS = {
  grid: { "%": "Percentage", ha: "Area" }, points: "Count", ruler: "Distance", choice: "Choice", number: "Number",
};
const HINTS = {
  grid: "Select every cell that is at least half covered: click, or drag to paint. A stroke that begins on a selected cell frees cells.",
  points: "Click each thing once. Erase takes the nearest point away.",
  ruler: "Click both ends of the distance, or drag from one end to the other.",
  choice: "Choose the answer that fits.",
  number: "Work the number out and type it; the ruler helps.",
};
const $ = (id) => document.getElementById(id);

const CHANGING = ["clear", "skip", "save", "note", "typed", "grid"]; // off for who only looks

let project = null;
let current = 0;
let seconds = 0; // at the question shown
let touched = Date.now();
let saving = null; // timer of the next draft
let visits = 0; // to questions, counted
let submitting = false;
let loaded = false; // whether the question shown may be saved

const gridAnswers = new Map();
const gridOf = async (image, n) => {
  const path = `images/${image}/grid/${n}`;
  if (!gridAnswers.has(path)) gridAnswers.set(path, await call("GET", path));
  return gridAnswers.get(path);
};
const viewer = new Viewer($("picture"), {
  press: (place) => desk.press(place),
  drag: (place) => desk.drag(place),
  release: (place) => desk.release(place),
  cancel: () => desk.cancel(),
  hover: (place) => { desk.hover(place); showWhere(place); },
  draw: (context, shown) => desk.draw(context, shown),
});
const desk = new Desk(viewer, gridOf, () => { showAnswer(); keepSoon(); });

/* ---- loading and going on ---- */

async function begin() {
  project = await call("GET", "project");
  document.title = `${project.title} · Planimeter`;
  $("title").textContent = project.title;
  $("person").textContent = project.reading ? `${project.annotator} · read only` : project.annotator;
  if (project.reading) for (const id of CHANGING) $(id).disabled = true;
  const open = project.questions.findIndex((question) => question.state === "open");
  await go(open < 0 ? 0 : open);
}

async function go(number) {
  if (number < 0 || number >= project.questions.length) return;
  const visit = ++visits;
  const own = await call("GET", `questions/${number}`);
  await keepNow();
  if (visit !== visits) return; // somebody was quicker and wants another question
  loaded = false;
  current = number;
  seconds = own.seconds;
  const question = project.questions[number];
  const image = project.images[question.image];
  $("note").value = own.note;
  viewer.show({
    key: question.image, ...image, tile: project.tile,
    address: (level, column, row) => address(`images/${question.image}/tiles/${level}/${column}/${row}`),
  });
  await desk.open(question, image, own.work);
  if (visit !== visits) return;
  if (project.reading) desk.use("move");
  loaded = true;
  showQuestion(question, image);
  showAnswer();
  showProgress();
  say(own.unsaved ? "Not submitted yet" : { open: "", answered: "Submitted", skipped: "Skipped" }[own.state]);
}

async function submit(skipped) {
  if (!loaded || submitting || project.reading) return;
  if (!skipped && desk.value === null) return fail("There is no answer yet: mark it first, or skip the question.");
  clearTimeout(saving);
  saving = null;
  submitting = true;
  try {
    const body = { work: skipped ? {} : desk.work, note: $("note").value, seconds, skipped };
    Object.assign(project.questions[current], await call("POST", `questions/${current}/answer`, body));
    const isOpen = (question) => question.state === "open";
    const after = project.questions.findIndex((question, k) => k > current && isOpen(question));
    const next = after >= 0 ? after : project.questions.findIndex(isOpen);
    await go(next >= 0 ? next : current);
    if (next < 0) say("All questions are done. Thank you!");
  } catch (error) {
    fail(error.message);
    keepSoon();
  } finally {
    submitting = false;
  }
}

/* ---- keeping drafts ---- */

function keepSoon() {
  if (!loaded || project.reading) return;
  say("Saving…");
  clearTimeout(saving);
  saving = setTimeout(keepNow, 400);
}

async function keepNow(leaving = false) {
  if (saving === null || !loaded) return;
  clearTimeout(saving);
  saving = null;
  const number = current;
  try {
    await call("PUT", `questions/${number}/draft`, { work: desk.work, note: $("note").value, seconds }, leaving);
    if (saving === null) say("Draft saved");
  } catch (error) {
    say(error.offline ? "Not saved: the server cannot be reached" : error.message, true);
    if (number === current && saving === null) saving = setTimeout(keepNow, 3000);
  }
}

/* ---- showing ---- */

function showQuestion(question, image) {
  const kind = KINDS[question.tool];
  $("number").textContent = `Question ${current + 1} of ${project.questions.length}`;
  $("kind").textContent = [typeof kind === "string" ? kind : kind[question.unit], question.topic].filter(Boolean).join(" · ");
  $("question").textContent = question.question;
  $("hint").textContent = HINTS[question.tool];
  $("scale").textContent = image.scale
    ? `${image.width} × ${image.height} px · ${Number(image.scale.gsd.toPrecision(4))} m per pixel`
    : `${image.width} × ${image.height} px · no scale: nothing can be measured in metres`;
  $("problem").hidden = !question.problem;
  $("problem").textContent = question.problem ?? "";
  $("grid-row").hidden = question.tool !== "grid";
  $("number-row").hidden = question.tool !== "number";
  $("typed").value = desk.typed ?? "";
  $("typed-unit").textContent = question.unit ?? "";
  $("ring-row").hidden = !(question.distance_m && image.scale);
  $("ring-text").textContent = `Show ${question.distance_m} m around the pointer (C)`;
  $("ring").checked = desk.ring = Boolean(desk.ring && question.distance_m && image.scale);
  $("choices").hidden = question.tool !== "choice";
  const legend = $("choices").querySelector("legend");
  $("choices").replaceChildren(legend, ...question.categories.map(choiceOf));
}

function choiceOf(word, k) {
  const [line, input, text, key] = ["label", "input", "span", "kbd"].map((tag) => document.createElement(tag));
  Object.assign(input, { type: "radio", name: "choice", value: word, checked: desk.choice === word, disabled: project.reading });
  input.addEventListener("change", () => choose(word));
  text.textContent = word;
  key.textContent = k < 9 ? String(k + 1) : "";
  line.append(input, text, key);
  return line;
}

function choose(word) {
  if (project.reading) return;
  desk.choice = word;
  for (const input of $("choices").querySelectorAll("input")) input.checked = input.value === word;
  showAnswer();
  keepSoon();
}

/** The answer so far as people read it. */
function worded(question, value) {
  if (value === null || value === undefined) return "–";
  if (typeof value === "string") return value;
  if (question.unit === "count") return String(value);
  if (value === 0) return `0 ${question.unit}`;
  const digits = question.unit === "%" || question.unit === "m" ? 1 : 2;
  const shown = question.tool === "number" ? String(value) : value.toFixed(value < 1 ? digits + 1 : digits);
  return `${shown} ${question.unit}`;
}

function showAnswer() {
  const question = project.questions[current];
  $("value").textContent = worded(question, desk.value);
  $("value").classList.toggle("none", desk.value === null);
  if (desk.grid) {
    $("grid").value = project.grids.indexOf(desk.grid.n);
    $("grid-size").textContent = `${desk.grid.n} × ${desk.grid.n}`;
  }
  $("value").title = desk.grid ? `${desk.grid.selected} of ${desk.grid.valid} cells` : "";
  // Nothing marked is an answer too, but should not be given by mistake.
  $("save").textContent = desk.value === 0 ? `Save ${worded(question, 0)}` : "Save and next";
  showTools();
  fail(null);
}

/** Whether a tool does anything here; who only looks moves the image. */
function mayUse(tool) {
  return desk.can(tool) && (!project.reading || tool === "move");
}

function showTools() {
  for (const button of document.querySelectorAll("[data-tool]")) {
    button.setAttribute("aria-pressed", String(button.dataset.tool === desk.tool));
    button.disabled = !mayUse(button.dataset.tool);
  }
  $("undo").disabled = !desk.past?.length;
  $("redo").disabled = !desk.future?.length;
}

function showProgress() {
  const done = project.questions.filter((question) => question.state !== "open").length;
  $("done").textContent = `${done} of ${project.questions.length}`;
  $("progress").max = project.questions.length;
  $("progress").value = done;
  $("list").replaceChildren(...project.questions.map((question, number) => {
    const [item, button] = ["li", "button"].map((tag) => document.createElement(tag));
    button.type = "button";
    button.className = question.state;
    button.textContent = String(number + 1);
    button.title = question.question;
    button.setAttribute("aria-label", `Question ${number + 1}, ${question.state}`);
    if (number === current) button.setAttribute("aria-current", "true");
    button.addEventListener("click", () => go(number).catch((error) => fail(error.message)));
    item.append(button);
    return item;
  }));
}

function showWhere(place) {
  const cell = place && desk.grid?.at(place);
  $("where").textContent = cell ? `cell ${cell[0] + 1}, ${cell[1] + 1}` : "";
}

function say(text, bad = false) {
  $("saved").textContent = text;
  $("saved").classList.toggle("bad", bad);
}

function fail(text) {
  $("error").hidden = !text;
  $("error").textContent = text ?? "";
}

/* ---- hands ---- */

const safely = (action) => (...given) => Promise.resolve(action(...given)).catch((error) => fail(error.message));
const use = (tool) => {
  if (mayUse(tool)) desk.use(tool);
  showTools();
};
const finer = (by) => {
  const n = project.reading ? null : project.grids[project.grids.indexOf(desk.grid?.n) + by];
  return desk.grid && n ? desk.resize(n) : null;
};
const toggleRing = () => {
  if ($("ring-row").hidden) return;
  desk.ring = !desk.ring;
  $("ring").checked = desk.ring;
  viewer.redraw();
};

for (const button of document.querySelectorAll("[data-tool]")) button.addEventListener("click", () => use(button.dataset.tool));
const clicks = {
  undo: () => desk.undo(), redo: () => desk.redo(), clear: () => desk.clear(), fit: () => viewer.fit(),
  closer: () => viewer.zoom(1.5), farther: () => viewer.zoom(1 / 1.5),
  back: () => go(current - 1), skip: () => submit(true), save: () => submit(false), help: () => $("keys").showModal(),
};
for (const [id, action] of Object.entries(clicks)) $(id).addEventListener("click", safely(action));
$("grid").addEventListener("input", safely(() => desk.resize(project.grids[Number($("grid").value)])));
$("ring").addEventListener("change", () => { desk.ring = $("ring").checked; viewer.redraw(); });
$("note").addEventListener("input", keepSoon);
$("typed").addEventListener("input", () => {
  const text = $("typed").value.trim().replace(",", ".");
  desk.typed = text !== "" && Number.isFinite(Number(text)) ? Number(text) : null;
  showAnswer();
  keepSoon();
});

function arrow(event, dx, dy) {
  const [w, h] = desk.step(event.shiftKey);
  const from = viewer.cross ?? desk.home();
  const to = viewer.cross ? [from[0] + dx * w, from[1] + dy * h] : from;
  viewer.moveCross(...to);
  if (event.shiftKey && desk.grid && desk.tool !== "move") {
    desk.remember();
    desk.grid.paint(from, viewer.cross, desk.tool === "mark");
    desk.touch();
  }
}

function space() {
  if (project.reading) return;
  if (!viewer.cross) return viewer.moveCross(...desk.home());
  desk.press(viewer.cross);
  if (desk.tool !== "ruler") desk.release(viewer.cross);
  else desk.fresh = false;
}

const KEYS = {
  m: () => use(desk.marksWith), e: () => use("erase"), r: () => use("ruler"), h: () => use("move"),
  "+": clicks.closer, "=": clicks.closer, "-": clicks.farther, 0: clicks.fit,
  "[": () => finer(-1), "]": () => finer(1), c: toggleRing,
  z: clicks.undo, y: clicks.redo, b: clicks.back, n: () => go(current + 1), s: clicks.skip, "?": clicks.help,
  Enter: clicks.save, Escape: () => { desk.rulers?.cancel(); viewer.redraw(); },
};
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

document.addEventListener("keydown", (event) => {
  if (!loaded || $("keys").open) return;
  const field = event.target.closest("input, textarea, select");
  const onButton = event.target.closest("button, summary, a");
  if (field && !(event.key === "Enter" && event.target.tagName === "INPUT")) return;
  if (onButton && (event.key === "Enter" || event.key === " ")) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() !== "z" || event.altKey) return;
  const choice = project.questions[current].categories[Number(event.key) - 1];
  if (event.target === viewer.canvas && event.key in ARROWS) arrow(event, ...ARROWS[event.key]);
  else if (event.target === viewer.canvas && event.key === " ") space();
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
  $("question").textContent = "The questions cannot be loaded";
  fail(error.message);
});
