// Everybody's marks at a question, for the organiser to look at; nothing can be changed here.

import "ol/ol.css";
import "./annotate.css";
import "./review.css";
import { byId, fill, make } from "../dom.ts";
import { drawPlaces, drawSign, shareColour, Shares, type Layer } from "./layers.ts";
import { drawScaleBar, Grid } from "./marks.ts";
import * as server from "./server.ts";
import type { Place } from "./server.ts";
import { Viewer } from "./viewer.ts";
import { figure, worded } from "./words.ts";

interface Asked extends server.Question {
  id: string;
  type: string;
  consensus: number | string | null;
  mad: number | null;
  spread: number | null;
  gold: string | null;
}

interface Marked {
  name: string;
  state: "open" | "answered" | "skipped" | "not asked";
  answer: number | string | null;
  right: boolean | null;
  note: string;
  work: server.Work;
}

interface Project {
  title: string;
  tile: number;
  images: server.ImageAbout[];
  questions: Asked[];
  by_spread: number[];
}

let project: Project;
let order: number[] = []; // places of questions
let current = 0; // place of the question shown
let heading = 0; // place of the question asked for last, which may still be on its way
let people: Marked[] = [];
let layers: Layer[] = [];
let shares: Shares | null = null;
let visits = 0;
const hidden = new Set<string>(); // who was switched off, also at the next question

const viewer = new Viewer(byId("tiles"), byId<HTMLCanvasElement>("picture"), {
  press: () => {}, drag: () => {}, release: () => {}, cancel: () => {},
  hover: (place) => showWhere(place),
  draw: (context, shown) => {
    const image = imageOf();
    shares?.draw(context, shown);
    drawPlaces(context, shown, image, seen());
    if (image.scale) drawScaleBar(context, shown, image.scale);
  },
});
viewer.moving = true;

const imageOf = (): server.ImageAbout => project.images[project.questions[current]!.image]!;
const seen = (): Layer[] => layers.filter((layer) => layer.on);
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function fail(text: string | null): void {
  byId("error").hidden = !text;
  byId("error").textContent = text ?? "";
}

async function begin(): Promise<void> {
  project = await server.call<Project>("GET", "project");
  document.title = `Review · ${project.title}`;
  byId("title").textContent = project.title;
  arrange();
  await openAddressed();
}

function arrange(): void {
  const places = project.questions.map((_, place) => place);
  order = byId<HTMLSelectElement>("order").value === "spread" ? project.by_spread : places;
}

/** The question that the page's address names, else the first. */
async function openAddressed(): Promise<void> {
  const id = decodeURIComponent(location.hash.slice(1));
  const named = project.questions.findIndex((question) => question.id === id);
  await open(named < 0 ? order[0]! : named);
}

async function open(place: number): Promise<void> {
  const visit = ++visits;
  heading = place;
  const said = await server.call<{ people: Marked[] }>("GET", `questions/${project.questions[place]!.address}`);
  if (visit !== visits) return;
  current = place;
  people = said.people;
  layers = people.map((one, k) => ({ name: one.name, place: k, work: one.work, on: one.state === "answered" && !hidden.has(one.name) }));
  const question = project.questions[place]!;
  const image = imageOf();
  const picture = { ...image, id: image.address, levels: image.levels - 1, side: project.tile };
  viewer.show(picture, (level, column, row) => server.address(`images/${image.address}/tiles/${level}/${column}/${row}`));
  viewer.cross = null;
  showQuestion(question);
  showPeople(question);
  await showMarks();
  fail(null);
}

function showQuestion(question: Asked): void {
  byId("number").textContent = `${order.indexOf(current) + 1} of ${order.length} · ${question.id}`;
  byId("kind").textContent = question.type.replaceAll("_", " ");
  byId("question").textContent = question.question;
  byId("figures").textContent = [
    question.consensus === null ? null : `Middle ${worded(question.consensus, question.unit)}`,
    question.mad === null ? null : `MAD ${figure(question.mad, 2)}`,
    question.spread === null ? null : question.spread === 0 ? "everybody agrees" : `${Math.round(100 * question.spread)} % of pairs of people disagree`,
    question.gold === null ? null : `right: ${worded(question.gold, question.unit)}`,
  ].filter(Boolean).join(" · ") || "Nothing to compare yet";
  fill(byId("list"), ...order.map((place, k) => {
    const one = project.questions[place]!;
    const go = make("button", {
      type: "button",
      class: one.spread === null ? "" : one.spread > 0 ? "apart" : "alike",
      title: one.question,
      "aria-label": `Question ${k + 1}, ${one.id}${one.spread === null ? "" : one.spread > 0 ? ", people disagree" : ", everybody agrees"}`,
      "aria-current": place === current ? "true" : undefined,
    }, String(k + 1));
    go.addEventListener("click", () => goTo(place));
    return make("li", {}, go);
  }));
}

/** Every question has an address, so that Back works and links can be sent around. */
function goTo(place: number): void {
  heading = place;
  const address = `#${encodeURIComponent(project.questions[place]!.id)}`;
  if (address === location.hash) void open(place).catch((error) => fail(messageOf(error)));
  else location.hash = address;
}

function step(by: number): void {
  const place = order[order.indexOf(heading) + by];
  if (place !== undefined) goTo(place);
}

function showPeople(question: Asked): void {
  fill(byId("people"), ...people.map((one, k) => {
    const answered = one.state === "answered";
    const box = make("input", { type: "checkbox", checked: layers[k]!.on, disabled: !answered });
    box.addEventListener("change", () => {
      hidden[box.checked ? "delete" : "add"](one.name);
      layers[k]!.on = box.checked;
      showMarks().catch((error) => fail(messageOf(error)));
    });
    const sign = make("canvas", { width: 40, height: 40, "aria-hidden": "true" });
    const context = sign.getContext("2d") as CanvasRenderingContext2D;
    context.scale(2, 2);
    drawSign(context, k, 10, 10, 6);
    const answer = make("b", {}, answered ? worded(one.answer, question.unit) : one.state);
    const parts: Node[] = [box, sign, make("span", {}, one.name), answer];
    if (one.right !== null || one.note) {
      const judged = one.right === null ? [] : [make("span", { class: one.right ? "right" : "wrong" }, one.right ? "✓ right" : "✗ wrong")];
      parts.push(make("small", {}, ...judged, judged.length && one.note ? " · " : "", one.note));
    }
    return make("label", {}, ...parts);
  }));
}

/** Draw who is switched on, and say how much so many of them marked. */
async function showMarks(): Promise<void> {
  const question = project.questions[current]!;
  const gridded = seen().filter(({ work }) => work.grid !== undefined);
  shares = gridded.length ? new Shares(imageOf(), gridded) : null;
  byId("shares").hidden = !shares;
  viewer.redraw();
  if (!shares) return;
  const shown = shares;
  const about = await server.call<server.GridAbout>("GET", `images/${imageOf().address}/grid/${shown.n}`);
  if (shown !== shares) return;
  const all = gridded.length;
  byId("share-unit").textContent = question.unit === "%" ? "of the image" : "area";
  const rows = gridded.map((_, k) => all - k).map((count) => {
    const grid = new Grid(imageOf(), about);
    grid.restore(shown.byAtLeast(count));
    const amount = question.unit === "%" ? grid.percentage : grid.area;
    const key = make("canvas", { width: 28, height: 16, "aria-hidden": "true" });
    const context = key.getContext("2d") as CanvasRenderingContext2D;
    context.fillStyle = shareColour(count, all);
    context.fillRect(0, 0, 28, 16);
    const name = count === all ? (all === 1 ? gridded[0]!.name : `all ${all}`) : `${count} of ${all} or more`;
    return make("tr", {}, make("th", { scope: "row" }, key, name), make("td", { class: "n" }, worded(amount, question.unit)));
  });
  fill(byId("shares").querySelector("tbody")!, ...rows);
}

function showWhere(place: Place | null): void {
  const cell = place && shares ? shares.at(place) : null;
  if (!shares || cell === null) return void (byId("where").textContent = "");
  const who = shares.who(cell).map(({ name }) => name);
  const where = `cell ${(cell % shares.n) + 1}, ${Math.floor(cell / shares.n) + 1}`;
  byId("where").textContent = `${where} · ${who.length} of ${shares.layers.length}${who.length ? `: ${who.join(", ")}` : ""}`;
}

function switchAll(on: boolean): void {
  people.forEach((one, k) => {
    if (one.state !== "answered") return;
    hidden[on ? "delete" : "add"](one.name);
    layers[k]!.on = on;
  });
  showPeople(project.questions[current]!);
  showMarks().catch((error) => fail(messageOf(error)));
}

const ARROWS: Record<string, Place> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function arrow([dx, dy]: Place): void {
  const { width, height } = imageOf();
  const n = shares?.n ?? 40;
  const from = viewer.cross;
  const middle = (length: number): number => (Math.floor(n / 2) + 0.5) * (length / n);
  viewer.moveCross(from ? from[0] + (dx * width) / n : middle(width), from ? from[1] + (dy * height) / n : middle(height));
}

const actions: Record<string, () => void> = {
  farther: () => viewer.zoom(1 / 1.5), closer: () => viewer.zoom(1.5), fit: () => viewer.fit(),
  back: () => step(-1), next: () => step(1), all: () => switchAll(true), none: () => switchAll(false),
};
const KEYS: Record<string, string> = { "+": "closer", "=": "closer", "-": "farther", 0: "fit", b: "back", n: "next" };
for (const [id, action] of Object.entries(actions)) byId(id).addEventListener("click", action);
document.addEventListener("keydown", (event) => {
  const target = event.target as HTMLElement;
  if (!project || target.closest("select, input") || event.ctrlKey || event.metaKey || event.altKey) return;
  const way = ARROWS[event.key];
  const action = KEYS[event.key.toLowerCase()];
  if (target === viewer.canvas && way) arrow(way);
  else if (action) actions[action]!();
  else return;
  event.preventDefault();
});
byId("order").addEventListener("change", () => {
  arrange();
  showQuestion(project.questions[current]!);
});
addEventListener("hashchange", () => openAddressed().catch((error) => fail(messageOf(error))));
byId<HTMLAnchorElement>("home").href = location.pathname.replace(/\/review\/*$/, "");
begin().catch((error) => fail(messageOf(error)));
