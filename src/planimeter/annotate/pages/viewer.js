// An image on a canvas: tiles of halved resolutions, zooming and moving by mouse, touch and keys.
// Coordinates: "image" is in pixels of the image, "screen" in CSS pixels of the canvas.

const KEPT = 160; // tiles in memory
const FOOT = 40; // screen pixels kept free for the scale bar

export class Viewer {
  /** `tileAddress(level, column, row)` gives a tile's address; `hooks` are told what happens on the image. */
  constructor(canvas, hooks) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
    this.hooks = hooks;
    this.image = null;
    this.moving = false; // whether one pointer moves the image instead of marking
    this.cross = null; // where the keyboard is, in image pixels
    this.pointers = new Map();
    this.tiles = new Map();
    this.view = { x: 0, y: 0, zoom: 1 };
    new ResizeObserver(() => this.resize()).observe(canvas);
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const kind of ["pointerup", "pointercancel"]) canvas.addEventListener(kind, (event) => this.up(event));
    canvas.addEventListener("pointerleave", () => this.hooks.hover(null));
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  /** Show an image: { width, height, levels, tile, address }. */
  show(image) {
    if (this.image && this.image.key === image.key) return this.redraw();
    this.image = image;
    this.tiles.clear();
    this.cross = null;
    this.resize();
    this.fit();
  }

  resize() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || !height) return;
    const was = this.width ? this.toImage(this.width / 2, this.height / 2) : null;
    this.ratio = window.devicePixelRatio || 1;
    this.canvas.width = Math.round(width * this.ratio);
    this.canvas.height = Math.round(height * this.ratio);
    [this.width, this.height] = [width, height];
    if (this.image && was && this.fitted) this.fit();
    else if (this.image && was) this.centre(was);
    this.redraw();
  }

  toImage(x, y) {
    return [this.view.x + x / this.view.zoom, this.view.y + y / this.view.zoom];
  }

  toScreen(x, y) {
    return [(x - this.view.x) * this.view.zoom, (y - this.view.y) * this.view.zoom];
  }

  /** The zoom at which the whole image is seen, with room for the scale bar below it. */
  get whole() {
    return Math.min((this.width - 16) / this.image.width, (this.height - 8 - FOOT) / this.image.height);
  }

  fit() {
    if (!this.image || !this.width) return;
    this.view.zoom = this.whole;
    this.centre([this.image.width / 2, this.image.height / 2 + (FOOT - 8) / 2 / this.view.zoom]);
    this.fitted = true;
  }

  centre([x, y]) {
    this.view.x = x - this.width / 2 / this.view.zoom;
    this.view.y = y - this.height / 2 / this.view.zoom;
    this.bound();
  }

  /** Zoom by a factor about a place on the screen, the middle by default. */
  zoom(factor, x = this.width / 2, y = this.height / 2) {
    const fixed = this.toImage(x, y);
    this.view.zoom = Math.min(40, Math.max(this.whole * 0.8, this.view.zoom * factor));
    this.view.x = fixed[0] - x / this.view.zoom;
    this.view.y = fixed[1] - y / this.view.zoom;
    this.fitted = false;
    this.bound();
  }

  pan(dx, dy) {
    this.view.x -= dx / this.view.zoom;
    this.view.y -= dy / this.view.zoom;
    this.fitted = false;
    this.bound();
  }

  /** Keep at least the middle of the screen on the image. */
  bound() {
    const halfX = this.width / 2 / this.view.zoom;
    const halfY = this.height / 2 / this.view.zoom;
    this.view.x = Math.min(Math.max(this.view.x, -halfX), this.image.width - halfX);
    this.view.y = Math.min(Math.max(this.view.y, -halfY), this.image.height - halfY);
    this.redraw();
  }

  /** Move the keyboard's cross to a place and keep it in sight. */
  moveCross(x, y) {
    this.cross = [Math.min(Math.max(x, 0), this.image.width), Math.min(Math.max(y, 0), this.image.height)];
    const [sx, sy] = this.toScreen(...this.cross);
    if (sx < 20 || sy < 20 || sx > this.width - 20 || sy > this.height - 20) this.centre(this.cross);
    this.hooks.hover(this.cross);
    this.redraw();
  }

  down(event) {
    if (!this.image) return;
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    const place = [event.offsetX, event.offsetY];
    this.pointers.set(event.pointerId, place);
    this.cross = null;
    if (this.pointers.size === 2) {
      if (this.marking) this.hooks.cancel();
      this.marking = false;
      return;
    }
    this.marking = !this.moving && event.button === 0 && this.pointers.size === 1;
    if (this.marking) this.hooks.press(this.toImage(...place), place);
  }

  move(event) {
    if (!this.image) return;
    const place = [event.offsetX, event.offsetY];
    const before = this.pointers.get(event.pointerId);
    if (!before) return this.hooks.hover(this.toImage(...place));
    if (this.pointers.size === 2) this.pinch(event.pointerId, place);
    else if (this.marking) {
      for (const step of event.getCoalescedEvents?.() ?? []) this.hooks.drag(this.toImage(step.offsetX, step.offsetY));
      this.hooks.drag(this.toImage(...place), place);
    } else this.pan(place[0] - before[0], place[1] - before[1]);
    this.pointers.set(event.pointerId, place);
  }

  up(event) {
    if (!this.pointers.delete(event.pointerId)) return;
    if (this.marking) {
      if (event.type === "pointercancel") this.hooks.cancel();
      else this.hooks.release(this.toImage(event.offsetX, event.offsetY));
    }
    this.marking = false;
  }

  pinch(id, place) {
    const [other] = [...this.pointers].filter(([key]) => key !== id).map(([, at]) => at);
    const before = this.pointers.get(id);
    const middle = [(place[0] + other[0]) / 2, (place[1] + other[1]) / 2];
    this.pan((place[0] - before[0]) / 2, (place[1] - before[1]) / 2);
    const apart = Math.hypot(before[0] - other[0], before[1] - other[1]) || 1;
    this.zoom(Math.hypot(place[0] - other[0], place[1] - other[1]) / apart, ...middle);
  }

  wheel(event) {
    if (!this.image) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), event.offsetX, event.offsetY);
  }

  redraw() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      if (this.image && this.width) this.draw();
    });
  }

  draw() {
    const { context, view, image } = this;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(0, 0, this.width, this.height);
    context.imageSmoothingEnabled = view.zoom < 3;
    const wanted = Math.floor(Math.log2(1 / (view.zoom * this.ratio)) + 0.3);
    const level = Math.min(Math.max(wanted, 0), image.levels - 1);
    this.drawLevel(image.levels - 1);
    for (let above = image.levels - 2; above >= level; above--) this.drawLevel(above, above === level);
    this.hooks.draw(context, this);
    if (this.cross && document.activeElement === this.canvas) this.drawCross();
  }

  /** Draw the tiles of a level that are there, and fetch the others when they are wanted. */
  drawLevel(level, fetchMissing = true) {
    const side = this.image.tile * 2 ** level;
    const [x0, y0] = this.toImage(0, 0);
    const [x1, y1] = this.toImage(this.width, this.height);
    const last = (length) => Math.ceil(length / side) - 1;
    for (let row = Math.max(0, Math.floor(y0 / side)); row <= Math.min(last(this.image.height), y1 / side); row++) {
      for (let col = Math.max(0, Math.floor(x0 / side)); col <= Math.min(last(this.image.width), x1 / side); col++) {
        const tile = this.tile(level, col, row, fetchMissing);
        if (!tile?.complete || !tile.naturalWidth) continue;
        const [sx, sy] = this.toScreen(col * side, row * side);
        const width = Math.min(side, this.image.width - col * side) * this.view.zoom;
        const height = Math.min(side, this.image.height - row * side) * this.view.zoom;
        this.context.drawImage(tile, sx, sy, width, height);
      }
    }
  }

  tile(level, column, row, fetchMissing) {
    const key = `${level}/${column}/${row}`;
    let tile = this.tiles.get(key);
    if (tile) this.tiles.delete(key); // and put it back as the last used
    else if (!fetchMissing) return null;
    else {
      tile = new Image();
      tile.onload = () => this.redraw();
      tile.src = this.image.address(level, column, row);
    }
    this.tiles.set(key, tile);
    if (this.tiles.size > KEPT) this.tiles.delete(this.tiles.keys().next().value);
    return tile;
  }

  drawCross() {
    const [x, y] = this.toScreen(...this.cross);
    const { context } = this;
    for (const [width, colour] of [[4, "rgba(0,0,0,.65)"], [1.5, "#fff"]]) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.beginPath();
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        context.moveTo(x + dx * 5, y + dy * 5);
        context.lineTo(x + dx * 18, y + dy * 18);
      }
      context.stroke();
    }
  }
}
