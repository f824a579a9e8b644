// The marks of the question at hand: which tool does what, undo and redo, and the answer they amount to.

import { Grid, Points, Rulers, drawRing, drawScaleBar } from "./marks.ts";
import type { GridAbout, ImageAbout, Line, Place, Question, Work } from "./server.ts";
import type { Viewer } from "./viewer.ts";

export type Tool = "mark" | "erase" | "ruler" | "move";

interface Step {
  about: { n: number; cells: Uint8Array<ArrayBuffer> } | null;
  points: Place[];
  lines: Line[];
}

const STEPS = 200; // that can be undone
const REACH = 14; // screen pixels within which the eraser takes a point

export class Editor {
  tool: Tool = "mark";
  ring = false;
  grid: Grid | null = null;
  choice: string | null = null;
  typed: number | null = null;
  past: Step[] = [];
  future: Step[] = [];
  fresh = false; // whether the ruler's first end was set by the press that is still held
  rulers = new Rulers(null, 1);
  private points = new Points();
  private question: Question | null = null;
  private image: ImageAbout | null = null;
  private pointer: Place | null = null;
  private last: Place | null = null; // of a stroke
  private painting = false; // whether the stroke selects cells or frees them

  /** `viewer` shows the image; `gridOf(image number, n)` asks the server; `changed()` is told of every change. */
  constructor(
    private readonly viewer: Viewer,
    private readonly gridOf: (image: number, n: number) => Promise<GridAbout>,
    private readonly changed: () => void,
  ) {}

  /** Begin a question with what was marked before. */
  async open(question: Question, image: ImageAbout, work: Work): Promise<void> {
    this.question = question;
    this.image = image;
    this.viewer.cross = null;
    this.rulers = new Rulers(image.scale, this.kind === "ruler" ? 1 : 50);
    this.rulers.lines = this.kind === "ruler" ? (work.line ? [work.line] : []) : (work.rulers ?? []);
    this.points = new Points();
    this.points.list = work.points ?? [];
    this.choice = work.choice ?? null;
    this.typed = work.number ?? null;
    this.grid = null;
    [this.past, this.future] = [[], []];
    if (this.kind === "grid") {
      const about = await this.gridOf(question.image, work.grid ?? 20);
      if (this.question !== question) return;
      this.grid = new Grid(image, about);
      if (work.cells) this.grid.runs = work.cells;
    }
    this.use(this.marksWith);
    this.viewer.redraw();
  }

  private get kind(): Question["tool"] | null {
    return this.question?.tool ?? null;
  }

  /** What the mark tool is here: "mark" for cells and points, "ruler" for distances, "move" where nothing is marked. */
  get marksWith(): Tool {
    if (this.kind === "grid" || this.kind === "points") return "mark";
    return this.kind === "ruler" && this.image?.scale ? "ruler" : "move";
  }

  /** Whether a tool does anything for this question. */
  can(tool: Tool): boolean {
    if (tool === "move") return true;
    if (tool === "ruler") return Boolean(this.image?.scale);
    return this.kind === "grid" || this.kind === "points" || (tool === "erase" && this.rulers.lines.length > 0);
  }

  use(tool: Tool): void {
    if (!this.can(tool)) return;
    this.tool = tool;
    this.rulers.cancel();
    this.viewer.moving = tool === "move";
    this.viewer.canvas.dataset.tool = tool;
    this.viewer.redraw();
  }

  /** The marks as the server keeps them. */
  get work(): Work {
    const work: Work = {};
    if (this.grid) Object.assign(work, { grid: this.grid.n, cells: this.grid.runs });
    if (this.kind === "points") work.points = this.points.list;
    if (this.kind === "ruler" && this.rulers.lines.length) work.line = this.rulers.lines[0]!;
    if (this.kind !== "ruler" && this.rulers.lines.length) work.rulers = this.rulers.lines;
    if (this.choice !== null) work.choice = this.choice;
    if (this.typed !== null) work.number = this.typed;
    return work;
  }

  /** The answer so far: a number or a word, or null where there is none. */
  get value(): number | string | null {
    if (this.grid) {
      if (this.question?.unit === "%") return this.grid.percentage;
      return this.grid.hectares ? this.grid.area : null;
    }
    if (this.kind === "points") return this.points.list.length;
    if (this.kind === "ruler") return this.rulers.lines.length ? this.rulers.metres(this.rulers.lines[0]!) : null;
    return this.kind === "choice" ? this.choice : this.typed;
  }

  remember(): void {
    this.past = [...this.past, this.snapshot()].slice(-STEPS);
    this.future = [];
  }

  private snapshot(): Step {
    return { about: this.grid && { n: this.grid.n, cells: this.grid.cells.slice() }, points: [...this.points.list], lines: [...this.rulers.lines] };
  }

  private async restore(from: Step[], to: Step[]): Promise<void> {
    const kept = from.pop();
    if (!kept) return;
    to.push(this.snapshot());
    this.points.list = kept.points;
    this.rulers.lines = kept.lines;
    if (kept.about && this.grid && this.question) {
      if (kept.about.n !== this.grid.n) this.grid.change(await this.gridOf(this.question.image, kept.about.n));
      this.grid.restore(kept.about.cells);
    }
    this.touch();
  }

  undo(): Promise<void> {
    return this.restore(this.past, this.future);
  }

  redo(): Promise<void> {
    return this.restore(this.future, this.past);
  }

  clear(): void {
    this.remember();
    if (this.grid) this.grid.runs = [];
    this.points.list = [];
    this.rulers.lines = [];
    this.touch();
  }

  async resize(n: number): Promise<void> {
    if (!this.grid || !this.question || n === this.grid.n) return;
    this.remember();
    this.grid.change(await this.gridOf(this.question.image, n));
    this.touch();
  }

  touch(): void {
    this.viewer.redraw();
    this.changed();
  }

  /** A pointer goes down on the image, or Space is pressed at the cross. */
  press(place: Place): void {
    if (this.tool === "ruler") return this.pressRuler(place);
    if (this.grid) {
      const cell = this.grid.at(place);
      if (!cell) return;
      this.remember();
      this.painting = this.tool === "mark" && !this.grid.isOn(cell);
      this.grid.paint(place, place, this.painting);
      this.last = place;
    } else if (this.tool === "mark" && this.inside(place)) {
      this.remember();
      this.points.add(place);
    } else if (this.tool === "erase") this.erase(place);
    this.touch();
  }

  private pressRuler(place: Place): void {
    const held = this.clamped(place);
    if (this.rulers.start) {
      this.remember();
      this.rulers.finish(held);
      this.touch();
    } else {
      this.rulers.begin(held);
      this.fresh = true;
      this.viewer.redraw();
    }
  }

  drag(place: Place): void {
    if (this.tool === "ruler") return this.hover(place);
    if (this.grid && this.last) {
      this.grid.paint(this.last, place, this.painting);
      this.last = place;
      this.viewer.redraw();
    }
  }

  release(place: Place): void {
    this.last = null;
    if (this.tool === "ruler" && this.rulers.start && this.fresh) {
      this.fresh = false;
      const [x0, y0] = this.rulers.start;
      const moved = Math.hypot(place[0] - x0, place[1] - y0) * this.viewer.zoomed;
      if (moved > 6) this.pressRuler(place); // drawn in one stroke; a click waits for the other end
    } else if (this.tool !== "ruler") this.changed();
  }

  /** A second finger came down: what the first began was no mark. */
  cancel(): void {
    this.last = null;
    if (this.tool === "ruler") this.rulers.cancel();
    else void this.undo();
  }

  private erase(place: Place): void {
    this.remember();
    const reach = REACH / this.viewer.zoomed;
    if (this.points.removeNear(place, reach)) return;
    const far = (line: Line): boolean => Math.min(...line.map(([x, y]) => Math.hypot(x - place[0], y - place[1]))) > reach;
    this.rulers.lines = this.rulers.lines.filter(far);
  }

  hover(place: Place | null): void {
    this.pointer = place;
    if (place && this.rulers.start) this.rulers.end = this.clamped(place);
    if (this.ring || this.rulers.start) this.viewer.redraw();
  }

  private inside([x, y]: Place): boolean {
    const { width, height } = this.image!;
    return x >= 0 && y >= 0 && x <= width && y <= height;
  }

  private clamped([x, y]: Place): Place {
    const { width, height } = this.image!;
    return [Math.min(Math.max(x, 0), width), Math.min(Math.max(y, 0), height)];
  }

  /** How far an arrow key goes, in image pixels across and down. */
  step(fast = false): Place {
    if (this.grid) return [this.image!.width / this.grid.n, this.image!.height / this.grid.n];
    const pixels = (fast ? 40 : 6) / this.viewer.zoomed;
    return [pixels, pixels];
  }

  /** Where the cross begins: the middle of what is seen, in the middle of a cell. */
  home(): Place {
    const [x, y] = this.clamped(this.viewer.toImage(this.viewer.width / 2, this.viewer.height / 2));
    if (!this.grid) return [x, y];
    const [w, h] = this.step();
    const middle = (value: number, size: number, length: number): number =>
      Math.min(Math.floor(value / size) * size, length - size) + size / 2;
    return [middle(x, w, this.image!.width), middle(y, h, this.image!.height)];
  }

  draw(context: CanvasRenderingContext2D, viewer: Viewer): void {
    if (!this.question || !this.image) return;
    this.grid?.draw(context, viewer);
    this.points.draw(context, viewer);
    if (this.image.scale) {
      this.rulers.draw(context, viewer);
      if (this.ring && this.pointer && this.question.distance_m) {
        drawRing(context, viewer, this.pointer, this.question.distance_m, this.image.scale);
      }
      drawScaleBar(context, viewer, this.image.scale);
    }
  }
}
