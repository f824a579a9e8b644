// An answer of many values as a table, and what a place says beside its words.

import type { Answer, Cell, Column, Place } from "./api.ts";
import { make } from "./dom.ts";

const MOST_ROWS = 1000;
const plain = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const pixel = new Intl.NumberFormat("en", { maximumSignificantDigits: 6 });
const wide = new Intl.NumberFormat("en", { maximumFractionDigits: 1 });

export const isTable = (answer: Omit<Answer, "trace">): boolean => Array.isArray(answer.answer);

export function placeOf(answer: Omit<Answer, "trace">): Place | null {
  return answer.type === "place" && typeof answer.answer === "object" && !Array.isArray(answer.answer)
    ? answer.answer
    : null;
}

/** A cell as people read it; the same as the program's own text of it. */
export function shown(cell: Cell, column: Column): string {
  if (cell === null) return "–";
  if (typeof cell === "string") return cell;
  if (column.unit === "°") return cell.toFixed(5);
  if (column.kind === "count" || Math.abs(cell) >= 1000) return wide.format(cell);
  return plain.format(cell);
}

export const heading = (column: Column): string =>
  column.unit === null || column.unit === "count" ? column.name : `${column.name} [${column.unit}]`;

/** The rows of an answer; with `totals` the last, of all zones together, are told apart and always there; `look` makes the id of a listed shape a button that shows it. */
export function tableOf(
  answer: Omit<Answer, "trace">,
  look?: (row: number) => (() => void) | null,
  totals = false,
): HTMLTableElement {
  const columns = answer.columns ?? [];
  const all = answer.answer as Record<string, Cell>[];
  const first = columns[0]?.name ?? "";
  const last = all.at(-1)?.[first]; // what all zones together are called, which no zone is
  const together = totals ? all.filter((row) => row[first] === last) : [];
  const rows = all.slice(0, all.length - together.length).slice(0, MOST_ROWS); // they are the last
  const side = (column: Column): string => (column.kind === "text" || column.kind === "yes/no" ? "word" : "figure");
  return make(
    "table",
    { id: "answer-table" },
    make(
      "thead",
      {},
      make("tr", {}, ...columns.map((column) => make("th", { scope: "col", class: side(column) }, heading(column)))),
    ),
    make(
      "tbody",
      {},
      ...rows.map((row, k) =>
        make(
          "tr",
          { "data-row": k },
          ...columns.map((column) => {
            const text = shown(row[column.name] ?? null, column);
            const press = column.name === "id" && look ? look(k + 1) : null;
            if (!press) return make("td", { class: side(column) }, text);
            const button = make("button", { type: "button", class: "link", "aria-label": `Show ${text}` }, text);
            button.addEventListener("click", press);
            return make("td", { class: side(column) }, button);
          }),
        ),
      ),
    ),
    ...(together.length
      ? [
          make(
            "tfoot",
            {},
            ...together.map((row) =>
              make("tr", {}, ...columns.map((column) => make("td", { class: side(column) }, shown(row[column.name] ?? null, column)))),
            ),
          ),
        ]
      : []),
  );
}

export function rest(answer: Omit<Answer, "trace">): string {
  const count = (answer.answer as unknown[]).length;
  if (count === 0) return "none";
  return count > MOST_ROWS ? `The first ${wide.format(MOST_ROWS)} of ${wide.format(count)} rows; the CSV has all.` : "";
}

/** What is told of a place under its words. */
export function details(place: Place): string {
  const parts: string[] = [];
  if (place.area_hectares !== null) {
    parts.push(place.area_hectares >= 1 ? `${plain.format(place.area_hectares)} ha` : `${plain.format(place.area_hectares * 1e4)} m²`);
  }
  if (place.distance_meters !== null) parts.push(`${plain.format(place.distance_meters)} m away`);
  if (place.latitude !== null && place.longitude !== null) {
    parts.push(`${place.latitude.toFixed(6)}, ${place.longitude.toFixed(6)}`);
  }
  parts.push(`x ${pixel.format(place.x)}, y ${pixel.format(place.y)}`);
  return parts.join(" · ");
}
