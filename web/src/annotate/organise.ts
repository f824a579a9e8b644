// The organiser's page: who has done how much, what they answered, how far they agree. Renewed while it is looked at.

import "./organise.css";
import { byId, fill, make } from "../dom.ts";
import { address, call } from "./server.ts";

const EVERY = 4000; // ms
let shown = "";

interface Person {
  name: string;
  of: number;
  answered: number;
  skipped: number;
  seconds: number | null;
  last: string | null;
  view: string;
  link: string;
}

interface Row {
  group: string;
  questions: number;
  alpha: number | null;
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
  consensus: number | string | null;
  mad: number | null;
}

interface Progress {
  title: string;
  questions: Asked[];
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
const head = (text: string, name?: string): HTMLTableCellElement => make("th", { class: name }, text);
const body = (id: string): HTMLTableSectionElement => byId<HTMLTableElement>(id).tBodies[0]!;
const figure = (value: number | null | undefined, digits = 3): string => (value === null || value === undefined ? "–" : value.toFixed(digits));

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
  const last = one.last ? new Date(one.last).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }) : "–";
  return make("tr", {},
    head(one.name),
    cell([bar, make("span", { class: "of" }, `${done} of ${one.of}`)], "bars"),
    cell(String(one.skipped), "n"),
    cell(one.seconds === null ? "–" : `${Math.round(one.seconds)} s`, "n"),
    cell(last),
    cell([copy, link], "link"),
  );
}

function withPublished(value: number | null, published: number | null | undefined): HTMLTableCellElement {
  const content: Node[] = [make("span", {}, figure(value))];
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
    head(GROUPS[row.group] ?? row.group),
    cell(String(row.questions), "n"),
    withPublished(row.alpha, alpha), withPublished(row.icc, icc), withPublished(row.deviation, deviation),
  );
}

function worded(value: number | string | null | undefined, unit: string | null): string {
  if (value === null || value === undefined) return "–";
  if (typeof value === "string") return value;
  const number = Number.isInteger(value) ? String(value) : value.toFixed(2);
  return unit && unit !== "count" ? `${number} ${unit}` : number;
}

function answers(said: Progress): void {
  const people = said.annotators.map((one) => one.name);
  const heads = ["Question", "Type", ...people, "Middle", "MAD"];
  fill(byId<HTMLTableElement>("answers").tHead!, make("tr", {}, ...heads.map((name, k) => head(name, k > 1 ? "n" : undefined))));
  fill(body("answers"), ...said.questions.map((question) => make("tr", {},
    cell([make("b", {}, question.id), make("span", {}, question.question)], "asked"),
    cell(question.type.replaceAll("_", " "), "type"),
    ...people.map((name) => cell(worded(question.answers[name], question.unit), "n")),
    cell(worded(question.consensus, question.unit), "n middle"),
    cell(figure(question.mad, 2), "n"),
  )));
}

function show(said: Progress): void {
  document.title = `${said.title} · organiser`;
  byId("title").textContent = said.title;
  fill(body("people"), ...said.annotators.map(person));
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

byId<HTMLAnchorElement>("table").href = address("annotations.csv");
byId<HTMLAnchorElement>("all").href = address("answers.csv");
document.addEventListener("visibilitychange", renew);
setInterval(renew, EVERY);
renew();
