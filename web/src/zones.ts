// An answer by zone on the map: outlined, coloured by value, found from the table and the other way round.

import type Feature from "ol/Feature.js";
import type { FeatureLike } from "ol/Feature.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";
import type { Answer, Cell, Column, Layer, ZoneClass } from "./api.ts";
import { byId, make, option } from "./dom.ts";
import type { SceneMap } from "./map.ts";
import * as tables from "./table.ts";

const NOTHING = "#9aa3a0";

interface Colouring {
  classes: { colour: string; label: string }[];
  of: (value: Cell) => string;
}

/** Puts the zones of an answer over the scene; returns the layer as the lists of layers have it. */
export function showZones(
  map: SceneMap,
  answer: Answer,
  outlines: object,
  classes: Record<string, ZoneClass[]>,
  redrawn: () => void,
): Layer {
  const rows = answer.answer as Record<string, Cell>[];
  const columns = (answer.columns ?? []).slice(1);
  let column = columns[0]!;
  let colouring = coloursOf([], []);
  const layer: Layer = { name: "zones", shown: "", colour: "#ffffff", role: "zones", count: 0 };
  const style = (zone: FeatureLike): Style[] => {
    const value = valueOf(rows, zone, column);
    const text = `${String(zone.get("zone"))}\n${tables.shown(value, column)}`;
    return [
      new Style({ stroke: new Stroke({ color: "rgba(20, 26, 24, 0.85)", width: 4 }) }),
      new Style({
        stroke: new Stroke({ color: "#ffffff", width: 1.8 }),
        fill: new Fill({ color: `${colouring.of(value)}99` }),
        text: new Text({
          text,
          font: "600 13px system-ui, sans-serif",
          fill: new Fill({ color: "#ffffff" }),
          stroke: new Stroke({ color: "rgba(12, 18, 16, 0.95)", width: 3.5 }),
        }),
      }),
    ];
  };
  const zones = map.showZones(outlines, style);
  layer.count = zones.length;
  const say = (): void => {
    colouring = coloursOf(zones.map((zone) => valueOf(rows, zone, column)), classes[column.name] ?? []);
    layer.shown = `zones by ${tables.heading(column)}`;
    layer.classes = colouring.classes;
    for (const zone of zones) {
      const value = valueOf(rows, zone, column);
      zone.set("said", value === null ? "no value" : `${tables.shown(value, column)}${unitOf(column)}`);
      zone.changed();
    }
  };
  say();
  link(map, zones);
  const choice = byId<HTMLSelectElement>("zones-by");
  choice.replaceChildren(...columns.map((each) => option(each.name, tables.heading(each))));
  byId("zones-colours").hidden = columns.length < 2;
  choice.onchange = () => {
    column = columns.find(({ name }) => name === choice.value) ?? column;
    say();
    redrawn();
  };
  return layer;
}

/** A click on a row finds the zone, and a click on the zone its row. */
function link(map: SceneMap, zones: Feature[]): void {
  const table = byId("answer-rows");
  const mark = (row: number): HTMLTableRowElement | null => {
    let marked: HTMLTableRowElement | null = null;
    for (const line of table.querySelectorAll<HTMLTableRowElement>("tbody tr")) {
      const chosen = line.dataset.row === String(row);
      line.classList.toggle("chosen", chosen);
      if (chosen) marked = line;
    }
    return marked;
  };
  const byRow = new Map(zones.map((zone) => [Number(zone.get("row")), zone]));
  for (const line of table.querySelectorAll<HTMLTableRowElement>("tbody tr")) {
    const zone = byRow.get(Number(line.dataset.row));
    const name = line.cells[0];
    if (!zone || !name) continue;
    const button = make("button", { type: "button", class: "link", "aria-label": `Show ${name.textContent}` }, name.textContent ?? "");
    name.replaceChildren(button);
    line.classList.add("leads");
    line.addEventListener("click", () => {
      mark(Number(line.dataset.row));
      map.look({ feature: zone });
    });
  }
  map.picked = (zone) => {
    const line = mark(Number(zone.get("row")));
    if (!line) return;
    map.tell(zone);
    line.scrollIntoView({ block: "nearest" });
  };
}

/** What the first row of a zone says; nothing where it has none. */
const valueOf = (rows: Record<string, Cell>[], zone: FeatureLike, column: Column): Cell => {
  const row = zone.get("row") as number | undefined;
  return row === undefined ? null : (rows[row]?.[column.name] ?? null);
};

const unitOf = (column: Column): string => (column.unit === null || column.unit === "count" ? "" : ` ${column.unit}`);

/** What the server says of the colours of a column; what is in no class has none of them. */
function coloursOf(found: Cell[], classes: ZoneClass[]): Colouring {
  const missing = found.some((value) => value === null) ? [{ colour: NOTHING, label: "no value" }] : [];
  const classOf = (value: Cell): ZoneClass | undefined =>
    typeof value === "number"
      ? classes.find(({ upto }) => upto !== null && value <= upto)
      : classes.find(({ word }) => word !== null && word === value);
  return { classes: [...classes, ...missing], of: (value) => classOf(value)?.colour ?? NOTHING };
}
