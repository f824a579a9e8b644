// An answer by zone on the map: outlined, coloured by value, found from the table and the other way round.

import type Feature from "ol/Feature.js";
import type { FeatureLike } from "ol/Feature.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import Text from "ol/style/Text.js";
import type { Answer, Cell, Column, Layer } from "./api.ts";
import { byId, make, option } from "./dom.ts";
import type { SceneMap } from "./map.ts";
import * as tables from "./table.ts";

/** From little to much; told apart by those who see no red or green as well. */
const RAMP = ["#440154", "#3b528b", "#21918c", "#5ec962", "#fde725"];
const KINDS = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7"];
const NOTHING = "#9aa3a0";

interface Colouring {
  classes: { colour: string; label: string }[];
  of: (value: Cell) => string;
}

/** Puts the zones of an answer over the scene; returns the layer as the lists of layers have it. */
export function showZones(map: SceneMap, answer: Answer, outlines: object, redrawn: () => void): Layer {
  const rows = answer.answer as Record<string, Cell>[];
  const columns = (answer.columns ?? []).slice(1);
  let column = columns[0]!;
  let colouring = coloursOf([], column);
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
    colouring = coloursOf(zones.map((zone) => valueOf(rows, zone, column)), column);
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

/** Numbers in up to five classes of about equally many zones, words in a colour each. */
function coloursOf(found: Cell[], column: Column): Colouring {
  const numbers = found.filter((value) => typeof value === "number").sort((a, b) => a - b);
  const missing = found.some((value) => value === null) ? [{ colour: NOTHING, label: "no value" }] : [];
  if (column.kind === "text" || column.kind === "yes/no") {
    const words = [...new Set(found.filter((value) => typeof value === "string"))].sort();
    const colours = new Map(words.map((word, k) => [word, KINDS[k % KINDS.length]!]));
    return {
      classes: [...words.map((label) => ({ colour: colours.get(label)!, label })), ...missing],
      of: (value) => (typeof value === "string" ? (colours.get(value) ?? NOTHING) : NOTHING),
    };
  }
  const distinct = [...new Set(numbers)];
  const count = Math.min(RAMP.length, distinct.length);
  const tops: number[] = [];
  for (let k = 1; k <= count; k++) {
    const source = distinct.length <= RAMP.length ? distinct : numbers;
    const top = source[Math.min(source.length - 1, Math.ceil((k * source.length) / count) - 1)]!;
    if (top !== tops.at(-1)) tops.push(top);
  }
  const colour = (k: number): string =>
    tops.length === 1 ? RAMP[2]! : RAMP[Math.round((k * (RAMP.length - 1)) / (tops.length - 1))]!;
  const classes = tops.map((top, k) => {
    const inside = numbers.filter((value) => value <= top && (k === 0 || value > tops[k - 1]!));
    const ends = [...new Set([inside[0]!, inside.at(-1)!].map((value) => tables.shown(value, column)))];
    return { colour: colour(k), label: `${ends.join(" to ")}${unitOf(column)}` };
  });
  return {
    classes: [...classes, ...missing],
    of: (value) => {
      if (typeof value !== "number") return NOTHING;
      const k = tops.findIndex((top) => value <= top);
      return k < 0 ? NOTHING : colour(k);
    },
  };
}
