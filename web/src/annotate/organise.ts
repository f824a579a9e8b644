// The organiser's page: who has done how much, what they answered, how far they agree. Renewed while it is looked at.

import "./organise.css";
import { byId, fill, make } from "../dom.ts";
import { address, call } from "./server.ts";
import { figure, worded } from "./words.ts";

const EVERY = 4000; // ms
let shown = "";
let latest: Progress | null = null;

interface Person {
  name: string;
  of: number;
  answered: number;
  skipped: number;
  seconds: number | null;
  last: string | null;
  view: string;
  link: string;
  gold: { right: number; answered: number };
}

interface Row {
  group: string;
  questions: number;
  alpha: number | null;
  alpha_interval: [number, number] | null;
  caution: string;
  icc: number | null;
  deviation: number | null;
  published: (number | null)[] | null;
}

interface Asked {
  id: string;
  question: string;
  type: string;
  unit: string | null;
  answers: Record<string, number | string>;
  asked: string[];
  right: Record<string, boolean>;
  gold: string | null;
  consensus: number | string | null;
  mad: number | null;
  spread: number | null;
}

interface Progress {
  title: string;
  overlap: number | null;
  gold: number;
  questions: Asked[];
  by_spread: number[];
  annotators: Person[];
  agreement: {
    rows: Row[];
    ranges: { source: string; percentage: number; proximity: number; count: number } | null;
    problem?: string | null;
  };
}

type Content = string | (Node | string)[];
const parts = (content: Content): (Node | string)[] => (Array.isArray(content) ? content : [content]);
const cell = (content: Content, name?: string): HTMLTableCellElement => make("td", { class: name }, ...parts(content));
const head = (text: string, name?: string): HTMLTableCellElement => make("th", { class: name, scope: "col" }, text);
const rowHead = (text: string, caution = ""): HTMLTableCellElement =>
  make("th", { scope: "row" }, text, ...(caution ? [make("span", { class: "caution" }, caution)] : []));
const body = (id: string): HTMLTableSectionElement => byId<HTMLTableElement>(id).tBodies[0]!;

function person(one: Person): HTMLTableRowElement {
  const done = one.answered + one.skipped;
  const bar = make("progress", { max: one.of, value: done, "aria-label": `${one.name}: ${done} of ${one.of}` });
  // To look at; only the link that is copied can change anything.
  const link = make("a", { href: address(one.view), target: "_blank", rel: "noreferrer" }, "open");
  const copy = make("button", { type: "button", "aria-label": `Copy ${one.name}'s link` }, "Copy");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.origin + one.link);
    copy.textContent = "Copied";
    setTimeout(() => { copy.textContent = "Copy"; }, 1500);
  });
  const remove = make("button", { type: "button", "aria-label": `Remove ${one.name}` }, "Remove");
  remove.addEventListener("click", () => askToRemove(one));
  const last = one.last ? new Date(one.last).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }) : "–";
  return make("tr", {},
    rowHead(one.name),
    cell([bar, make("span", { class: "of" }, `${done} of ${one.of}`)], "bars"),
    cell(String(one.skipped), "n"),
    cell(one.seconds === null ? "–" : `${Math.round(one.seconds)} s`, "n"),
    cell(last),
    cell(one.gold.answered ? `${one.gold.right} of ${one.gold.answered} right` : "–", "n gold"),
    cell([copy, link, remove], "link"),
  );
}

function withPublished(value: number | null, published: number | null | undefined, interval: [number, number] | null = null): HTMLTableCellElement {
  const content: Node[] = [make("span", {}, figure(value))];
  if (interval) content.push(make("span", { class: "interval" }, `${figure(interval[0], 2)} to ${figure(interval[1], 2)}`));
  if (published !== undefined && published !== null) content.push(make("small", {}, figure(published)));
  return cell(content, "n");
}

const GROUPS: Record<string, string> = {
  Categorical: "Categorical (share of the majority)",
  Distance: "Distance (metres)",
  Numeric: "All numbers",
};

function agreementRow(row: Row): HTMLTableRowElement {
  const [, alpha, icc, deviation] = row.published ?? [];
  return make("tr", {},
    rowHead(GROUPS[row.group] ?? row.group, row.caution),
    cell(String(row.questions), "n"),
    withPublished(row.alpha, alpha, row.alpha_interval), withPublished(row.icc, icc), withPublished(row.deviation, deviation),
  );
}

function answerCell(question: Asked, name: string): HTMLTableCellElement {
  const answer = question.answers[name];
  if (answer === undefined) return question.asked.includes(name) ? cell("–", "n") : cell("not asked", "n none");
  const right = question.right[name];
  const judged = right === undefined ? [] : [make("span", { class: right ? "right" : "wrong" }, right ? " ✓ right" : " ✗ wrong")];
  return cell([worded(answer, question.unit), ...judged], "n");
}

function answers(said: Progress): void {
  const people = said.annotators.map((one) => one.name);
  const heads = ["Question", "Type", ...people, "Middle", "MAD", "Pairs apart"];
  const order = byId<HTMLSelectElement>("order").value === "spread" ? said.by_spread : said.questions.map((_, place) => place);
  fill(byId<HTMLTableElement>("answers").tHead!, make("tr", {}, ...heads.map((name, k) => head(name, k > 1 ? "n" : undefined))));
  fill(body("answers"), ...order.map((place) => said.questions[place]!).map((question) => make("tr", {},
    cell([
      make("b", {}, question.id),
      make("a", { href: `${address("review")}#${encodeURIComponent(question.id)}` }, question.question),
      ...(question.gold === null ? [] : [make("small", {}, `gold: ${worded(question.gold, question.unit)}`)]),
    ], "asked"),
    cell(question.type.replaceAll("_", " "), "type"),
    ...people.map((name) => answerCell(question, name)),
    cell(worded(question.consensus, question.unit), "n middle"),
    cell(figure(question.mad, 2), "n"),
    cell(question.spread === null ? "–" : `${Math.round(100 * question.spread)} %`, "n"),
  )));
}

function show(said: Progress): void {
  document.title = `${said.title} · organiser`;
  byId("title").textContent = said.title;
  latest = said;
  fill(body("people"), ...said.annotators.map(person));
  byId("people").classList.toggle("no-gold", !said.gold);
  const all = said.annotators.length;
  byId("overlap").textContent = [
    said.overlap === null ? "" : `Each question goes to ${Math.min(said.overlap, all)} of ${all} people` +
      (said.overlap > all ? `, of ${said.overlap} wanted` : "") + ".",
    said.gold ? `${said.gold} gold ${said.gold === 1 ? "question, which goes" : "questions, which go"} to everybody; nobody is told which.` : "",
  ].filter(Boolean).join(" ");
  const { rows, ranges, problem } = said.agreement;
  const none = cell(problem ?? "Nothing to compare yet: two people must have answered the same question.", "none");
  none.colSpan = 5;
  fill(body("agreement"), ...(rows.length ? rows.map(agreementRow) : [make("tr", {}, none)]));
  byId("ranges").textContent = rows.length && ranges
    ? `Acceptable ranges from these answers (${ranges.source}): percentages ± ${figure(ranges.percentage)} points, ` +
      `proximity ± ${figure(ranges.proximity)} points, counts ± ${figure(100 * ranges.count, 1)} %.`
    : "";
  answers(said);
}

async function renew(): Promise<void> {
  if (document.visibilityState === "hidden") return;
  try {
    const said = await call<Progress>("GET", "progress");
    const text = JSON.stringify(said);
    if (text !== shown) show(said);
    shown = text;
    byId("when").textContent = `as of ${new Date().toLocaleTimeString()}`;
    byId("error").hidden = true;
  } catch (error) {
    byId("error").textContent = error instanceof Error ? error.message : String(error);
    byId("error").hidden = false;
  }
}

/* ---- people come and go ---- */

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function sayAdded(text: string, bad = false): void {
  byId("added").textContent = text;
  byId("added").className = bad ? "problem" : "about";
}

byId<HTMLFormElement>("add").addEventListener("submit", async (event) => {
  event.preventDefault();
  const field = byId<HTMLInputElement>("name");
  try {
    const { name, link } = await call<{ name: string; link: string }>("POST", "people", { name: field.value });
    field.value = "";
    await renew();
    sayAdded(`${name} may begin. The link: ${location.origin}${link}`);
  } catch (error) {
    sayAdded(messageOf(error), true);
  }
  field.focus();
});

let leaving = "";

function askToRemove(one: Person): void {
  leaving = one.name;
  byId("remove-title").textContent = `Remove ${one.name}?`;
  byId("remove-text").textContent =
    `The link closes, and ${one.answered} ${one.answered === 1 ? "answer leaves" : "answers leave"} the tables and the agreement. ` +
    "They stay in the file: adding the same name opens the same link with them again.";
  byId<HTMLDialogElement>("remove").showModal();
}

byId<HTMLDialogElement>("remove").addEventListener("close", async () => {
  const dialog = byId<HTMLDialogElement>("remove");
  if (dialog.returnValue !== "remove") return;
  dialog.returnValue = "";
  try {
    await call("DELETE", `people/${encodeURIComponent(leaving)}`);
    await renew();
    sayAdded(`${leaving} was removed.`);
  } catch (error) {
    sayAdded(messageOf(error), true);
  }
  byId("name").focus();
});

byId("order").addEventListener("change", () => { if (latest) answers(latest); });
for (const link of document.querySelectorAll<HTMLAnchorElement>("a[data-file]")) link.href = address(link.dataset.file!);
document.addEventListener("visibilitychange", renew);
setInterval(renew, EVERY);
renew();
