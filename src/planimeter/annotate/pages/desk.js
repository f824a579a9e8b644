// The marks of the question at hand: which tool does what, undo and redo, and the answer they amount to.

import { Grid, Points, Rulers, drawRing, drawScaleBar } from "/static/marks.js";

const STEPS = 200; // that can be undone
const REACH = 14; // screen pixels within which the eraser takes a point

export class Desk {
  /** `viewer` shows the image; `gridOf(image number, n)` asks the server; `changed()` is told of every change. */
  constructor(viewer, gridOf, changed) {
    Object.assign(this, { viewer, gridOf, changed });
    this.tool = "mark";
    this.ring = false;
    this.pointer = null;
  }

  /** Begin a question with what was marked before. */
  async open(question, image, work) {
    this.question = question;
    this.image = image;
    this.viewer.cross = null;
    this.kind = question.tool;
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

  /** What the mark tool is here: "mark" for cells and points, "ruler" for distances, "move" where nothing is marked. */
  get marksWith() {
    if (this.kind === "grid" || this.kind === "points") return "mark";
    return this.kind === "ruler" && this.image.scale ? "ruler" : "move";
  }

  /** Whether a tool does anything for this question. */
  can(tool) {
    if (tool === "move") return true;
    if (tool === "ruler") return Boolean(this.image?.scale);
    return this.kind === "grid" || this.kind === "points" || (tool === "erase" && this.rulers?.lines.length > 0);
  }

  use(tool) {
    if (!this.can(tool)) return;
    this.tool = tool;
    this.rulers.cancel();
    this.viewer.moving = tool === "move";
    this.viewer.canvas.dataset.tool = tool;
    this.viewer.redraw();
  }

  /** The marks as the server keeps them. */
  get work() {
    const work = {};
    if (this.kind === "grid") Object.assign(work, { grid: this.grid.n, cells: this.grid.runs });
    if (this.kind === "points") work.points = this.points.list;
    if (this.kind === "ruler" && this.rulers.lines.length) work.line = this.rulers.lines[0];
    if (this.kind !== "ruler" && this.rulers.lines.length) work.rulers = this.rulers.lines;
    if (this.choice !== null) work.choice = this.choice;
    if (this.typed !== null) work.number = this.typed;
    return work;
  }

  /** The answer so far: a number or a word, or null where there is none. */
  get value() {
    if (this.kind === "grid") {
      if (this.question.unit === "%") return this.grid.percentage;
      return this.grid.hectares ? this.grid.area : null;
    }
    if (this.kind === "points") return this.points.list.length;
    if (this.kind === "ruler") return this.rulers.lines.length ? this.rulers.metres(this.rulers.lines[0]) : null;
    return this.kind === "choice" ? this.choice : this.typed;
  }

  remember() {
    this.past = [...this.past, this.snapshot()].slice(-STEPS);
    this.future = [];
  }

  snapshot() {
    return { about: this.grid && { n: this.grid.n, cells: this.grid.cells.slice() }, points: [...this.points.list], lines: [...this.rulers.lines] };
  }

  async restore(from, to) {
    if (!from.length) return;
    const kept = from.pop();
    to.push(this.snapshot());
    this.points.list = kept.points;
    this.rulers.lines = kept.lines;
    if (kept.about) {
      if (kept.about.n !== this.grid.n) this.grid.change(await this.gridOf(this.question.image, kept.about.n));
      this.grid.cells = kept.about.cells;
      this.grid.sheet = null;
    }
    this.touch();
  }

  undo() {
    return this.restore(this.past, this.future);
  }

  redo() {
    return this.restore(this.future, this.past);
  }

  clear() {
    this.remember();
    if (this.grid) this.grid.runs = [];
    this.points.list = [];
    this.rulers.lines = [];
    this.touch();
  }

  async resize(n) {
    if (!this.grid || n === this.grid.n) return;
    this.remember();
    this.grid.change(await this.gridOf(this.question.image, n));
    this.touch();
  }

  touch() {
    this.viewer.redraw();
    this.changed();
  }

  /** A pointer goes down on the image, or Space is pressed at the cross. */
  press(place) {
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

  pressRuler(place) {
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

  drag(place) {
    if (this.tool === "ruler") return this.hover(place);
    if (this.grid && this.last) {
      this.grid.paint(this.last, place, this.painting);
      this.last = place;
      this.viewer.redraw();
    }
  }

  release(place) {
    this.last = null;
    if (this.tool === "ruler" && this.rulers.start && this.fresh) {
      this.fresh = false;
      const [x0, y0] = this.rulers.start;
      const moved = Math.hypot(place[0] - x0, place[1] - y0) * this.viewer.view.zoom;
      if (moved > 6) this.pressRuler(place); // drawn in one stroke; a click waits for the other end
    } else if (this.tool !== "ruler") this.changed();
  }

  /** A second finger came down: what the first began was no mark. */
  cancel() {
    this.last = null;
    if (this.tool === "ruler") this.rulers.cancel();
    else this.undo();
  }

  erase(place) {
    this.remember();
    const reach = REACH / this.viewer.view.zoom;
    if (this.points.removeNear(place, reach)) return;
    const far = (line) => Math.min(...line.map(([x, y]) => Math.hypot(x - place[0], y - place[1]))) > reach;
    this.rulers.lines = this.rulers.lines.filter(far);
  }

  hover(place) {
    this.pointer = place;
    if (place && this.rulers?.start) this.rulers.end = this.clamped(place);
    if (this.ring || this.rulers?.start) this.viewer.redraw();
  }

  inside([x, y]) {
    return x >= 0 && y >= 0 && x <= this.image.width && y <= this.image.height;
  }

  clamped([x, y]) {
    return [Math.min(Math.max(x, 0), this.image.width), Math.min(Math.max(y, 0), this.image.height)];
  }

  /** How far an arrow key goes, in image pixels across and down. */
  step(fast) {
    if (this.grid) return [this.image.width / this.grid.n, this.image.height / this.grid.n];
    const pixels = (fast ? 40 : 6) / this.viewer.view.zoom;
    return [pixels, pixels];
  }

  /** Where the cross begins: the middle of what is seen, in the middle of a cell. */
  home() {
    const [x, y] = this.clamped(this.viewer.toImage(this.viewer.width / 2, this.viewer.height / 2));
    if (!this.grid) return [x, y];
    const [w, h] = this.step();
    const middle = (value, size, length) => Math.min(Math.floor(value / size) * size, length - size) + size / 2;
    return [middle(x, w, this.image.width), middle(y, h, this.image.height)];
  }

  draw(context, viewer) {
    if (!this.question) return;
    this.grid?.draw(context, viewer);
    this.points.draw(context, viewer);
    if (this.image.scale) {
      this.rulers.draw(context, viewer);
      if (this.ring && this.pointer) drawRing(context, viewer, this.pointer, this.question.distance_m, this.image.scale);
      drawScaleBar(context, viewer, this.image.scale);
    }
  }
}
