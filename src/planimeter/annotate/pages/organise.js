// The organiser's page: who has done how much, what they answered, how far they agree. Renewed while it is looked at.

import { address, call } from "/static/api.js";

const EVERY = 4000; // ms
const $ = (id) => document.getElementById(id);
let shown = "";

/** An element with text or children; text is never read as HTML. */
function element(tag, content = "", className = "") {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (Array.isArray(content)) made.append(...content);
  else made.textContent = content;
  return made;
}

const cell = (content, className) => element("td", content, className);
const figure = (value, digits = 3) => (value === null || value === undefined ? "–" : value.toFixed(digits));

function person(one) {
  const bar = element("progress");
  bar.max = one.of;
  bar.value = one.answered + one.skipped;
  bar.setAttribute("aria-label", `${one.name}: ${one.answered + one.skipped} of ${one.of}`);
  const link = element("a", "open");
  link.href = address(one.view); // to look at; only the link that is copied can change anything
  link.target = "_blank";
  link.rel = "noreferrer";
  const copy = element("button", "Copy");
  copy.type = "button";
  copy.setAttribute("aria-label", `Copy ${one.name}'s link`);
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(location.origin + one.link);
    copy.textContent = "Copied";
    setTimeout(() => { copy.textContent = "Copy"; }, 1500);
  });
  const last = one.last ? new Date(one.last).toLocaleString([], { dateStyle: "medium", timeStyle: "short" }) : "–";
  return element("tr", [
    element("th", one.name),
    cell([bar, element("span", `${one.answered + one.skipped} of ${one.of}`, "of")], "bars"),
    cell(String(one.skipped), "n"),
    cell(one.seconds === null ? "–" : `${Math.round(one.seconds)} s`, "n"),
    cell(last),
    cell([copy, link], "link"),
  ]);
}

function withPublished(value, published, digits) {
  const content = [element("span", figure(value, digits))];
  if (published !== undefined && published !== null) content.push(element("small", figure(published, digits)));
  return cell(content, "n");
}

function agreementRow(row) {
  const [, alpha, icc, deviation] = row.published ?? [];
  const name = { Categorical: "Categorical (share of the majority)", Distance: "Distance (metres)", Numeric: "All numbers" };
  return element("tr", [
    element("th", name[row.group] ?? row.group),
    cell(String(row.questions), "n"),
    withPublished(row.alpha, alpha), withPublished(row.icc, icc), withPublished(row.deviation, deviation),
  ]);
}

function worded(value, unit) {
  if (value === null || value === undefined) return "–";
  if (typeof value === "string") return value;
  const number = Number.isInteger(value) ? String(value) : value.toFixed(2);
  return unit && unit !== "count" ? `${number} ${unit}` : number;
}

function answers(said) {
  const people = said.annotators.map((one) => one.name);
  const heads = ["Question", "Type", ...people, "Middle", "MAD"];
  $("answers").tHead.replaceChildren(element("tr", heads.map((name, k) => element("th", name, k > 1 ? "n" : ""))));
  $("answers").tBodies[0].replaceChildren(...said.questions.map((question) => element("tr", [
    cell([element("b", question.id), element("span", question.question)], "asked"),
    cell(question.type.replaceAll("_", " "), "type"),
    ...people.map((name) => cell(worded(question.answers[name], question.unit), "n")),
    cell(worded(question.consensus, question.unit), "n middle"),
    cell(figure(question.mad, 2), "n"),
  ])));
}

function show(said) {
  document.title = `${said.title} · organiser`;
  $("title").textContent = said.title;
  $("people").tBodies[0].replaceChildren(...said.annotators.map(person));
  const { rows, ranges, problem } = said.agreement;
  const none = cell(problem ?? "Nothing to compare yet: two people must have answered the same question.", "none");
  none.colSpan = 5;
  $("agreement").tBodies[0].replaceChildren(...(rows.length ? rows.map(agreementRow) : [element("tr", [none])]));
  $("ranges").textContent = rows.length && ranges
    ? `Acceptable ranges from these answers (${ranges.source}): percentages ± ${figure(ranges.percentage)} points, ` +
      `proximity ± ${figure(ranges.proximity)} points, counts ± ${figure(100 * ranges.count, 1)} %.`
    : "";
  answers(said);
}

async function renew() {
  if (document.visibilityState === "hidden") return;
  try {
    const said = await call("GET", "progress");
    const text = JSON.stringify(said);
    if (text !== shown) show(said);
    shown = text;
    $("when").textContent = `as of ${new Date().toLocaleTimeString()}`;
    $("error").hidden = true;
  } catch (error) {
    $("error").textContent = error.message;
    $("error").hidden = false;
  }
}

$("table").href = address("annotations.csv");
$("all").href = address("answers.csv");
document.addEventListener("visibilitychange", renew);
setInterval(renew, EVERY);
renew();
