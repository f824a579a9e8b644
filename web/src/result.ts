// A finished answer on the page: the number, its cautions, layers, shapes, program, trace and files.

import type { Adjusted, Answer, Known, Layer, View } from "./api.ts";
import * as api from "./api.ts";
import { byId, fill, make } from "./dom.ts";
import { isMask, nameOf, type SceneMap, type Shape } from "./map.ts";
import { drawLegend } from "./readout.ts";
import * as numbers from "./numbers.ts";
import { saidOf } from "./part.ts";
import { shared } from "./place.ts";
import * as tables from "./table.ts";

const MOST_ROWS = 500;
const SMALL_HECTARES = 0.1; // people say less in square metres
const ORDER = ["zones", "counted", "change", "reference", "part", "band", "topic"];

/** Shows an answer's number, reading and cautions under its own question; a program's stands under its own name. */
export function showNumber(answer: Known | Answer, text: string, said: string[], kind: string): void {
  const own = kind === "run";
  byId("answer-title").textContent = own ? "Answer of your program" : "Answer";
  byId("asked").textContent = own ? "" : answer.question;
  byId("asked-part").textContent = "";
  byId("zones-colours").hidden = true;
  byId("of-coded").hidden = true;
  showFigure(answer, text);
  byId("adjusted").hidden = !answer.adjusted;
  byId("adjusted").textContent = answer.adjusted ? estimate(answer.adjusted) : "";
  byId("reading").textContent = answer.reading || (own ? "What your program left in its variable answer." : "");
  const cautions = byId("cautions");
  cautions.hidden = said.length === 0;
  fill(cautions, ...said.map((sentence) => make("li", {}, sentence)));
  const about: [string, string][] = [
    ["Scale", numbers.scale(answer.gsd, answer.scale_source)],
    ["Masks", answer.segmenter],
    ["Program", writer(answer.coder)],
    ["Time", `${(answer.timings.total ?? 0).toFixed(2)} s`],
  ];
  if (answer.stdout.trim()) about.push(["Printed", answer.stdout.trim()]);
  fill(byId("about"), ...about.flatMap(([term, value]) => [make("dt", {}, term), make("dd", {}, value)]));
  byId("evidence").hidden = true;
  byId("result").hidden = false;
}

/** Shows a finished answer, its evidence and files. */
export function showAnswer(name: string, answer: Answer, view: View, of: string): void {
  showNumber(answer, view.text, view.cautions ?? answer.warnings, view.kind);
  byId("asked-part").textContent = view.asked ? saidOf(view.asked) : "";
  if (view.asked?.zones && answer.type !== "list") fill(byId("answer-rows"), tables.tableOf(answer, undefined, true));
  byId("of-coded").hidden = view.kind !== "run" || !of;
  byId("to-coded").textContent = of;
  fill(
    byId("trace"),
    ...answer.trace.map((call) =>
      make(
        "li",
        {},
        make("code", {}, `${call.function}(${call.arguments})`),
        make("span", { class: "arrow" }, call.result),
        make("span", { class: "seconds" }, `${call.seconds.toFixed(3)} s`),
      ),
    ),
  );
  byId("trace-card").hidden = answer.trace.length === 0;
  showDownloads(name, answer, view);
  showShare(name);
  byId("evidence").hidden = false;
}

/** A link to give to others; a click copies it where the browser lets it. */
function showShare(name: string): void {
  const link = byId<HTMLAnchorElement>("share");
  const said = byId("shared");
  link.href = shared(name);
  said.textContent = "";
  link.onclick = (event) => {
    if (!navigator.clipboard || event.ctrlKey || event.metaKey || event.shiftKey) return; // else it opens
    event.preventDefault();
    navigator.clipboard.writeText(link.href).then(
      () => (said.textContent = "copied"),
      () => (said.textContent = link.href),
    );
  };
}

/** The number with its unit, the table, or the place. */
function showFigure(answer: Known | Answer, text: string): void {
  const isTable = tables.isTable(answer);
  const place = tables.placeOf(answer);
  const said = place ? (place.what ? `${place.what}, ${place.words}` : place.words) : text;
  const [figure, unit] = split(isTable ? tables.rest(answer) : said, answer.unit);
  byId("number").classList.toggle("words", place !== null || isTable);
  fill(byId("number"), make("span", { id: "figure" }, figure));
  if (unit) byId("number").append(make("span", { class: "unit" }, unit));
  if (place) byId("number").append(make("span", { class: "unit" }, tables.details(place)));
  byId("answer-rows").hidden = !isTable || (answer.answer as unknown[]).length === 0;
  fill(byId("answer-rows"), ...(isTable ? [tables.tableOf(answer)] : []));
  const { answer: value } = answer;
  const small = unit === "ha" && typeof value === "number" && value !== 0 && Math.abs(value) < SMALL_HECTARES;
  if (small) byId("number").append(make("span", { class: "hint" }, `= ${numbers.area(value * 10_000)}`));
}

/** What is true as far as the model's known errors tell, beside what was measured. */
function estimate({ value, low, high, unit }: Adjusted): string {
  const [about, from, to] = [value, low, high].map(numbers.figure);
  return `Estimated true ${unit === "%" ? "share" : "area"}: ${about} ${unit} (95 %: ${from} to ${to} ${unit})`;
}

function writer(coder: string): string {
  if (coder === "you") return "yours";
  return `by ${api.coderName(coder)}`;
}

function split(text: string, unit: string | null): [string, string] {
  if (unit && text.endsWith(` ${unit}`)) return [text.slice(0, -unit.length - 1), unit];
  return [text, ""];
}

export function showLayers(scene: SceneMap, layers: Layer[]): void {
  drawLegend(scene, layers, caption);
  byId("layers-card").hidden = layers.length === 0;
  fill(
    byId("layers"),
    ...[...layers].sort((a, b) => ORDER.indexOf(a.role) - ORDER.indexOf(b.role)).map((layer) => {
      const shown = scene.overlays.get(layer.name);
      const id = `layer-${layer.name}`;
      const box = make("input", { type: "checkbox", id, checked: shown?.getVisible() ?? false });
      box.addEventListener("change", () => {
        shown?.setVisible(box.checked);
        drawLegend(scene, layers, caption);
      });
      const slider = make("input", {
        type: "range",
        min: 0.05,
        max: 1,
        step: 0.05,
        value: shown?.getOpacity() ?? 1,
        "aria-label": `Opacity of ${layer.shown}`,
      });
      slider.addEventListener("input", () => shown?.setOpacity(Number(slider.value)));
      const swatch = make("span", { class: isMask(layer) ? "swatch" : "swatch ring" });
      swatch.style.setProperty("--colour", layer.colour);
      return make("li", {}, box, make("label", { for: id }, swatch, caption(layer)), slider);
    }),
  );
}

function caption(layer: Layer): string {
  if (layer.role === "counted") {
    const shown = layer.count === 1 ? (layer.one ?? layer.shown) : layer.shown;
    if (layer.change) return `${layer.change}: ${numbers.count(layer.count ?? 0)} ${shown}`;
    return `${numbers.count(layer.count ?? 0)} ${shown} counted`;
  }
  if (layer.role === "change") return `${layer.change ?? ""}: ${layer.shown}`;
  if (layer.role === "reference") return `${layer.shown} (reference)`;
  return layer.role === "topic" ? `${layer.shown} (mask)` : layer.shown;
}

export function showShapes(scene: SceneMap, shapes: Shape[], drawn: boolean, answer: Answer): void {
  const counted = shapes.filter((shape) => shape.layer.startsWith("counted"));
  if (answer.type === "list" && tables.isTable(answer)) {
    // The list is the table of shapes, and its rows lead to them.
    const byRow = new Map(counted.map((shape) => [Number(shape.feature.get("id")), shape]));
    const look = (row: number) => {
      const shape = byRow.get(row);
      return shape ? () => scene.look(shape) : null;
    };
    fill(byId("answer-rows"), tables.tableOf(answer, look));
    byId("shapes-card").hidden = true;
    return;
  }
  byId("shapes-card").hidden = drawn && counted.length === 0;
  byId("shapes-count").textContent = drawn ? numbers.count(counted.length) : "too many to list; see the downloads";
  const far = counted.some((shape) => shape.distance !== null);
  const heads = ["Shape", "Area", ...(far ? ["Distance"] : [])];
  const rows = counted.slice(0, MOST_ROWS).map((shape) => {
    const button = make("button", { type: "button", class: "link" }, nameOf(shape.feature));
    button.addEventListener("click", () => scene.look(shape));
    const area = shape.area === null ? `${numbers.count(shape.pixels)} px` : numbers.area(shape.area);
    const cells = [make("td", {}, button), make("td", {}, area)];
    if (far) cells.push(make("td", {}, shape.distance === null ? "" : numbers.length(shape.distance)));
    return make("tr", {}, ...cells);
  });
  fill(
    byId("shapes"),
    make("thead", {}, make("tr", {}, ...heads.map((head) => make("th", { scope: "col" }, head)))),
    make("tbody", {}, ...rows),
  );
}

function showDownloads(name: string, answer: Answer, view: View): void {
  const files: [string, string][] = [
    ["Report to print, HTML", "report.html"],
    ...(tables.isTable(answer) ? ([["Table, CSV", "answer.csv"]] as [string, string][]) : []),
    ...(view.asked?.zones ? ([["Zones with their values, GeoPackage", "zones.gpkg"]] as [string, string][]) : []),
    ["Picture", "overlay.png"],
    ["Shapes, GeoJSON", "shapes.geojson"],
  ];
  if (view.layers.some((layer) => !isMask(layer))) files.push(["Shapes, GeoPackage", "shapes.gpkg"]);
  for (const layer of view.layers) {
    if (layer.role !== "topic") continue;
    const mask = `masks/${encodeURIComponent(layer.name)}`;
    files.push([`Mask of ${layer.shown}, GeoTIFF`, `${mask}.tif`], [`Mask of ${layer.shown}, GeoPackage`, `${mask}.gpkg`]);
  }
  if (view.asked?.corrections) files.push(["Corrections, GeoJSON", "corrections.geojson"]);
  if (view.layers.some(({ role }) => role === "topic")) files.push(["Masks as labels with their legend, ZIP", "labels.zip"]);
  files.push(["Program", "program"], ["Trace", "trace"], ["All as JSON", ""]);
  const saved: Record<string, string> = { program: "program.py", trace: "trace.json", "": "answer.json" };
  // The server names the archive after scene and question.
  const everything = make("a", { id: "everything", href: api.file(name, "evidence.zip"), download: "" }, "Everything, ZIP");
  fill(
    byId("downloads"),
    make("li", {}, everything),
    ...files.map(([shown, path]) => {
      const href = api.file(name, path).replace(/\/$/, "");
      return make("li", {}, make("a", { href, download: saved[path] ?? path.replace("masks/", "") }, shown));
    }),
  );
}
