// Several people's marks over one image: cells as shares, points and rulers in a colour and shape for each person.

import * as numbers from "../numbers.ts";
import { lengthOf } from "../picture.ts";
import { decode, label } from "./marks.ts";
import type { ImageAbout, Line, Place, Work } from "./server.ts";
import type { Viewer } from "./viewer.ts";

// Okabe and Ito's colours, told apart by colour-blind people too; from the ninth person on the shapes change.
const COLOURS = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#d55e00", "#cc79a7", "#0072b2", "#ffffff"];
const SHARED = "255,45,149";
const DASH = 7; // screen pixels of an outline that belong to one person, where several lie on each other

/** Somebody's marks, and how they are drawn. */
export interface Layer {
  name: string;
  place: number; // among all people, which says the colour and shape
  work: Work;
  on: boolean;
}

export const colourOf = (place: number): string => COLOURS[place % COLOURS.length]!;

/** How much a cell is covered that `count` of `all` people marked. */
export const shareColour = (count: number, all: number): string => `rgba(${SHARED},${(0.12 + 0.58 * (count / all)).toFixed(3)})`;

/** A person's sign: a circle, a square or a diamond in their colour. */
export function drawSign(context: CanvasRenderingContext2D, place: number, x: number, y: number, radius: number): void {
  context.beginPath();
  const shape = Math.floor(place / COLOURS.length) % 3;
  if (shape === 0) context.arc(x, y, radius, 0, 2 * Math.PI);
  else if (shape === 1) context.rect(x - radius * 0.85, y - radius * 0.85, radius * 1.7, radius * 1.7);
  else {
    context.moveTo(x, y - radius * 1.2);
    for (const [dx, dy] of [[1.2, 0], [0, 1.2], [-1.2, 0]] as const) context.lineTo(x + dx * radius, y + dy * radius);
    context.closePath();
  }
  context.fillStyle = colourOf(place);
  context.fill();
  context.lineWidth = 1.5;
  context.strokeStyle = "#101618";
  context.stroke();
}

/** How many of some people marked each cell of the finest grid among theirs. */
export class Shares {
  readonly n: number;
  readonly counts: Uint16Array;
  private readonly selected: { layer: Layer; n: number; cells: Uint8Array }[];
  private sheet: HTMLCanvasElement | null = null;

  constructor(
    private readonly image: ImageAbout,
    readonly layers: Layer[],
  ) {
    this.selected = layers.map((layer) => ({ layer, n: layer.work.grid!, cells: decode(layer.work.cells!, layer.work.grid!) }));
    this.n = Math.max(0, ...this.selected.map(({ n }) => n));
    this.counts = new Uint16Array(this.n * this.n);
    for (let k = 0; k < this.counts.length; k++) this.counts[k] = this.who(k).length;
  }

  /** Who marked a cell of the finest grid; grids are of 10 times a power of two, so they nest. */
  who(cell: number): Layer[] {
    const [row, column] = [Math.floor(cell / this.n), cell % this.n];
    const at = (n: number): number => Math.floor((row * n) / this.n) * n + Math.floor((column * n) / this.n);
    return this.selected.filter(({ n, cells }) => cells[at(n)]).map(({ layer }) => layer);
  }

  /** The cell at a place of the image; null outside. */
  at([x, y]: Place): number | null {
    const [column, row] = [Math.floor((x / this.image.width) * this.n), Math.floor((y / this.image.height) * this.n)];
    return column >= 0 && row >= 0 && column < this.n && row < this.n ? row * this.n + column : null;
  }

  /** The cells that at least so many people marked. */
  byAtLeast(count: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.counts, (marked) => Number(marked >= count));
  }

  draw(context: CanvasRenderingContext2D, viewer: Viewer): void {
    if (!this.n) return;
    const [x0, y0] = viewer.toScreen(0, 0);
    const [x1, y1] = viewer.toScreen(this.image.width, this.image.height);
    context.imageSmoothingEnabled = false;
    context.drawImage((this.sheet ??= this.drawSheet()), x0, y0, x1 - x0, y1 - y0);
    const most = Math.max(...this.selected.map(({ layer }) => layer.place)) + 1;
    for (const { layer, n, cells } of this.selected) {
      const [w, h] = [(x1 - x0) / n, (y1 - y0) / n];
      for (const [column, row, length, upright] of edges(cells, n)) {
        const start = [x0 + column * w, y0 + row * h] as const;
        const end = upright ? ([start[0], start[1] + length * h] as const) : ([start[0] + length * w, start[1]] as const);
        this.outline(context, layer.place, most, start, end);
      }
    }
    context.setLineDash([]);
  }

  /** A piece of an outline; dashes are counted from the screen's edge, so that people's outlines on each other alternate. */
  private outline(context: CanvasRenderingContext2D, place: number, most: number, start: Place | readonly [number, number], end: readonly [number, number]): void {
    if (this.selected.length > 1) {
      context.setLineDash([DASH, DASH * (most - 1)]);
      context.lineDashOffset = start[0] + start[1] - place * DASH;
    } else context.setLineDash([]);
    context.lineWidth = 2.5;
    context.lineCap = "butt";
    context.strokeStyle = colourOf(place);
    context.beginPath();
    context.moveTo(...(start as [number, number]));
    context.lineTo(...(end as [number, number]));
    context.stroke();
  }

  /** One pixel per cell, drawn enlarged. */
  private drawSheet(): HTMLCanvasElement {
    const sheet = document.createElement("canvas");
    sheet.width = sheet.height = this.n;
    const context = sheet.getContext("2d") as CanvasRenderingContext2D;
    this.counts.forEach((count, k) => {
      if (!count) return;
      context.fillStyle = shareColour(count, this.selected.length);
      context.fillRect(k % this.n, Math.floor(k / this.n), 1, 1);
    });
    return sheet;
  }
}

/** The outline of cells in straight pieces: column and row of the beginning, length in cells, whether upright. */
function* edges(cells: Uint8Array, n: number): Generator<[number, number, number, boolean]> {
  const on = (row: number, column: number): number => (row < 0 || column < 0 || row >= n || column >= n ? 0 : cells[row * n + column]!);
  for (const upright of [false, true]) {
    for (let line = 0; line <= n; line++) {
      for (let k = 0; k < n; k++) {
        const isEdge = (at: number): boolean =>
          at < n && (upright ? on(at, line - 1) !== on(at, line) : on(line - 1, at) !== on(line, at));
        if (!isEdge(k)) continue;
        const start = k;
        while (isEdge(k + 1)) k++;
        yield upright ? [line, start, k - start + 1, true] : [start, line, k - start + 1, false];
      }
    }
  }
}

/** Points and rulers of some people; what is no answer but was measured on the way is dashed. */
export function drawPlaces(context: CanvasRenderingContext2D, viewer: Viewer, image: ImageAbout, layers: Layer[]): void {
  for (const { work, place } of layers) {
    for (const line of work.rulers ?? []) drawRuler(context, viewer, image, line, place, true);
    if (work.line) drawRuler(context, viewer, image, work.line, place, false);
    for (const point of work.points ?? []) drawSign(context, place, ...viewer.toScreen(...point), 7);
  }
}

function drawRuler(context: CanvasRenderingContext2D, viewer: Viewer, image: ImageAbout, line: Line, place: number, aside: boolean): void {
  const [[x0, y0], [x1, y1]] = [viewer.toScreen(...line[0]), viewer.toScreen(...line[1])];
  for (const [width, colour] of [[5, "rgba(0,0,0,.7)"], [2.5, colourOf(place)]] as const) {
    context.setLineDash(aside ? [6, 5] : []);
    context.lineWidth = width;
    context.lineCap = "round";
    context.strokeStyle = colour;
    context.beginPath();
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
    context.stroke();
  }
  context.setLineDash([]);
  for (const [x, y] of [[x0, y0], [x1, y1]] as const) drawSign(context, place, x, y, 4);
  if (!image.scale) return;
  const along = 0.3 + 0.1 * (place % 5); // lines of several people often lie on each other; their labels should not
  label(context, numbers.length(lengthOf(line, image.scale)), x0 + along * (x1 - x0), y0 + along * (y1 - y0) - 14);
}
