// What annotators put on an image: cells of a grid, points, and ruler lines. Nothing here knows of the server.

import * as numbers from "../numbers.ts";
import { lengthOf, type Scale } from "../picture.ts";
import type { GridAbout, ImageAbout, Line, Place, Run } from "./server.ts";
import type { Viewer } from "./viewer.ts";

type Cell = [number, number];

const MARK = "255,45,149";
const RULER = "#ffe13c";

/** Cells of an n × n grid over an image; a cell is selected whole or not at all. */
export class Grid {
  n = 0;
  cells = new Uint8Array();
  valid = 0;
  hectares: number[] | null = null;
  private alike = true;
  private nothing = new Uint8Array();
  private sheet: HTMLCanvasElement | null = null; // the cells as they are; null where they have changed

  constructor(
    private readonly image: ImageAbout,
    about: GridAbout,
  ) {
    this.adopt(about, new Uint8Array(about.n * about.n));
  }

  /** Take over what the server says of a grid. */
  private adopt(about: GridAbout, cells: Uint8Array<ArrayBuffer>): void {
    this.n = about.n;
    this.hectares = about.each_hectares ?? about.row_hectares;
    this.alike = about.alike;
    this.nothing = decode(about.nothing, this.n);
    this.valid = this.n * this.n - this.nothing.reduce((sum, cell) => sum + cell, 0);
    this.cells = cells;
    this.sheet = null;
  }

  /** Change to another grid: a cell is selected when at least half of it was. */
  change(about: GridAbout): void {
    const [old, from, to] = [this.cells, this.n, about.n];
    const cells = new Uint8Array(to * to);
    const scale = from / to;
    for (let row = 0; row < to; row++) {
      for (let column = 0; column < to; column++) {
        if (scale < 1) cells[row * to + column] = old[Math.floor(row * scale) * from + Math.floor(column * scale)]!;
        else {
          let sum = 0;
          for (let y = row * scale; y < (row + 1) * scale; y++) {
            for (let x = column * scale; x < (column + 1) * scale; x++) sum += old[y * from + x]!;
          }
          cells[row * to + column] = sum * 2 >= scale * scale ? 1 : 0;
        }
      }
    }
    this.adopt(about, cells);
  }

  at([x, y]: Place): Cell | null {
    const column = Math.floor((x / this.image.width) * this.n);
    const row = Math.floor((y / this.image.height) * this.n);
    const inside = column >= 0 && row >= 0 && column < this.n && row < this.n;
    return inside ? [column, row] : null;
  }

  isOn([column, row]: Cell): boolean {
    return this.cells[row * this.n + column] === 1;
  }

  /** Select or free every cell between two places, so that a quick stroke leaves no gaps. */
  paint(from: Place, to: Place, on: boolean): void {
    const cellsAt = ([x, y]: Place): Place => [(x / this.image.width) * this.n, (y / this.image.height) * this.n];
    const [a, b] = [cellsAt(from), cellsAt(to)];
    const steps = Math.max(1, Math.ceil(Math.max(Math.abs(b[0] - a[0]), Math.abs(b[1] - a[1])) * 2));
    for (let step = 0; step <= steps; step++) {
      const column = Math.floor(a[0] + ((b[0] - a[0]) * step) / steps);
      const row = Math.floor(a[1] + ((b[1] - a[1]) * step) / steps);
      if (column < 0 || row < 0 || column >= this.n || row >= this.n) continue;
      const cell = row * this.n + column;
      if (!this.nothing[cell]) this.cells[cell] = on ? 1 : 0;
    }
    this.sheet = null;
  }

  get selected(): number {
    return this.cells.reduce((sum, cell) => sum + cell, 0);
  }

  get percentage(): number {
    if (!this.valid) return 0;
    if (this.alike) return (100 * this.selected) / this.valid;
    return (100 * this.area) / this.areaOf((k) => !this.nothing[k]);
  }

  /** Ground of the selected cells in hectares; 0 without a scale. */
  get area(): number {
    return this.areaOf((k) => this.cells[k] === 1);
  }

  /** Ground of some cells in hectares, of which the server says one figure a row or one a cell. */
  private areaOf(counts: (cell: number) => boolean): number {
    const hectares = this.hectares ?? [];
    const each = hectares.length === this.cells.length ? 1 : this.n;
    return this.cells.reduce((sum, _, k) => sum + (counts(k) ? (hectares[Math.floor(k / each)] ?? 0) : 0), 0);
  }

  get runs(): Run[] {
    const runs: Run[] = [];
    for (let k = 0; k < this.cells.length; k++) {
      if (!this.cells[k]) continue;
      const start = k;
      while (this.cells[k + 1]) k++;
      runs.push([start, k - start + 1]);
    }
    return runs;
  }

  set runs(runs: Run[]) {
    this.cells = decode(runs, this.n);
    this.sheet = null;
  }

  draw(context: CanvasRenderingContext2D, viewer: Viewer): void {
    const [x0, y0] = viewer.toScreen(0, 0);
    const [x1, y1] = viewer.toScreen(this.image.width, this.image.height);
    const sheet = (this.sheet ??= this.drawSheet());
    context.imageSmoothingEnabled = false;
    context.drawImage(sheet, x0, y0, x1 - x0, y1 - y0);
    const [w, h] = [(x1 - x0) / this.n, (y1 - y0) / this.n];
    if (Math.min(w, h) < 5) return;
    context.beginPath();
    for (let k = 0; k <= this.n; k++) {
      const [x, y] = [Math.round(x0 + k * w) + 0.5, Math.round(y0 + k * h) + 0.5];
      if (x >= 0 && x <= viewer.width) context.moveTo(x, Math.max(y0, 0)), context.lineTo(x, Math.min(y1, viewer.height));
      if (y >= 0 && y <= viewer.height) context.moveTo(Math.max(x0, 0), y), context.lineTo(Math.min(x1, viewer.width), y);
    }
    context.lineWidth = 1;
    context.strokeStyle = "rgba(255,255,255,.34)";
    context.stroke();
  }

  /** The cells are to become these. */
  restore(cells: Uint8Array<ArrayBuffer>): void {
    this.cells = cells;
    this.sheet = null;
  }

  /** One pixel per cell, drawn enlarged. */
  private drawSheet(): HTMLCanvasElement {
    const sheet = document.createElement("canvas");
    sheet.width = sheet.height = this.n;
    const context = sheet.getContext("2d") as CanvasRenderingContext2D;
    const pixels = context.createImageData(this.n, this.n);
    const [red, green, blue] = MARK.split(",").map(Number) as [number, number, number];
    for (let k = 0; k < this.cells.length; k++) {
      const colour = this.nothing[k] ? [90, 90, 90, 200] : this.cells[k] ? [red, green, blue, 120] : [0, 0, 0, 0];
      pixels.data.set(colour, k * 4);
    }
    context.putImageData(pixels, 0, 0);
    return sheet;
  }
}

/** Cells of an n × n grid from runs: 1 where selected. */
export function decode(runs: Run[], n: number): Uint8Array<ArrayBuffer> {
  const cells = new Uint8Array(n * n);
  for (const [start, length] of runs) cells.fill(1, start, start + length);
  return cells;
}

/** Points, one per counted thing. */
export class Points {
  list: Place[] = [];

  add(point: Place): void {
    this.list.push(rounded(point));
  }

  /** Take away the point nearest to a place, when one lies within `reach` image pixels. */
  removeNear([x, y]: Place, reach: number): boolean {
    const apart = this.list.map(([px, py]) => Math.hypot(px - x, py - y));
    const nearest = apart.indexOf(Math.min(...apart));
    if (nearest < 0 || apart[nearest]! > reach) return false;
    this.list.splice(nearest, 1);
    return true;
  }

  draw(context: CanvasRenderingContext2D, viewer: Viewer): void {
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.font = "600 10px system-ui, sans-serif";
    this.list.forEach((point, k) => {
      const [x, y] = viewer.toScreen(...point);
      context.beginPath();
      context.arc(x, y, 9, 0, 2 * Math.PI);
      context.fillStyle = `rgba(${MARK},.92)`;
      context.fill();
      context.lineWidth = 2;
      context.strokeStyle = "#fff";
      context.stroke();
      context.fillStyle = "#fff";
      context.fillText(String(k + 1), x, y + 0.5);
    });
  }
}

/** Ruler lines; one may be half drawn. */
export class Rulers {
  lines: Line[] = [];
  start: Place | null = null;
  end: Place | null = null;

  /** `scale`: metres per pixel, or null where none is known; `most`: how many lines are kept, the newest ones. */
  constructor(
    private readonly scale: Scale | null,
    private readonly most: number,
  ) {}

  begin(point: Place): void {
    this.start = point;
    this.end = point;
  }

  finish(point: Place): void {
    if (this.start) this.lines = [...this.lines, [rounded(this.start), rounded(point)] as Line].slice(-this.most);
    this.cancel();
  }

  cancel(): void {
    this.start = this.end = null;
  }

  metres(line: Line): number {
    return lengthOf(line, this.scale!);
  }

  draw(context: CanvasRenderingContext2D, viewer: Viewer): void {
    const lines = this.start && this.end ? [...this.lines, [this.start, this.end] as Line] : this.lines;
    for (const line of lines) {
      const [[x0, y0], [x1, y1]] = [viewer.toScreen(...line[0]), viewer.toScreen(...line[1])];
      for (const [width, colour] of [[5, "rgba(0,0,0,.7)"], [2.5, RULER]] as const) {
        context.lineWidth = width;
        context.strokeStyle = colour;
        context.lineCap = "round";
        context.beginPath();
        context.moveTo(x0, y0);
        context.lineTo(x1, y1);
        context.stroke();
        context.beginPath();
        for (const [x, y] of [[x0, y0], [x1, y1]] as const) context.moveTo(x + 4, y), context.arc(x, y, 4, 0, 2 * Math.PI);
        context.stroke();
      }
      label(context, numbers.length(this.metres(line)), (x0 + x1) / 2, (y0 + y1) / 2 - 14);
    }
  }
}

/** A circle of some metres about a place. */
export function drawRing(
  context: CanvasRenderingContext2D,
  viewer: Viewer,
  [x, y]: Place,
  metres: number,
  scale: Scale,
): void {
  const [sx, sy] = viewer.toScreen(x, y);
  for (const [width, colour] of [[4, "rgba(0,0,0,.55)"], [1.5, RULER]] as const) {
    context.lineWidth = width;
    context.strokeStyle = colour;
    context.beginPath();
    context.ellipse(sx, sy, (metres / scale.dx) * viewer.zoomed, (metres / scale.dy) * viewer.zoomed, 0, 0, 2 * Math.PI);
    context.stroke();
  }
}

/** A bar of a round length in the lower left corner. */
export function drawScaleBar(context: CanvasRenderingContext2D, viewer: Viewer, scale: Scale): void {
  const { pixels, text } = numbers.scaleBar(scale.dx / viewer.zoomed, Math.min(160, viewer.width / 3));
  const [x, y] = [14, viewer.height - 16];
  context.fillStyle = "rgba(10,16,20,.72)";
  context.beginPath();
  context.roundRect(x - 7, y - 21, pixels + 14, 29, 6);
  context.fill();
  context.fillStyle = "#fff";
  context.fillRect(x, y - 2, pixels, 3);
  context.font = "600 11px system-ui, sans-serif";
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillText(text, x, y - 7);
}

const rounded = ([x, y]: Place): Place => [Math.round(x * 100) / 100, Math.round(y * 100) / 100];

/** A length beside a ruler. */
export function label(context: CanvasRenderingContext2D, text: string, x: number, y: number): void {
  context.font = "600 13px system-ui, sans-serif";
  context.textAlign = "center";
  context.textBaseline = "middle";
  const width = context.measureText(text).width + 14;
  context.fillStyle = "rgba(10,16,20,.82)";
  context.beginPath();
  context.roundRect(x - width / 2, y - 11, width, 22, 6);
  context.fill();
  context.fillStyle = "#fff";
  context.fillText(text, x, y + 0.5);
}
