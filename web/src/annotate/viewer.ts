// The image of a question with a canvas of marks over it; moved and zoomed by mouse, touch and keys.
// Coordinates: "image" is in pixels of the image, "screen" in CSS pixels of the canvas.

import OlMap from "ol/Map.js";
import TileLayer from "ol/layer/Tile.js";
import { extentOf, projectionOf, tilesOf, viewOf, type Picture } from "../picture.ts";
import type { Place } from "./server.ts";

const FOOT = 40; // screen pixels kept free for the scale bar

/** What is told of what happens on the image. */
export interface Hooks {
  press(place: Place): void;
  drag(place: Place): void;
  release(place: Place): void;
  cancel(): void;
  hover(place: Place | null): void;
  draw(context: CanvasRenderingContext2D, viewer: Viewer): void;
}

export class Viewer {
  image: Picture | null = null;
  moving = false; // whether one pointer moves the image instead of marking
  cross: Place | null = null; // where the keyboard is, in image pixels
  private readonly map: OlMap;
  private readonly context: CanvasRenderingContext2D;
  private readonly pointers = new Map<number, Place>();
  private marking = false;
  private fitted = false; // whether the whole image was asked for

  /** `target` holds the tiles; `canvas` lies over it, shows the marks and is what people touch. */
  constructor(
    target: HTMLElement,
    readonly canvas: HTMLCanvasElement,
    private readonly hooks: Hooks,
  ) {
    this.context = canvas.getContext("2d") as CanvasRenderingContext2D;
    this.map = new OlMap({ target, controls: [], interactions: [] });
    this.map.on("postrender", () => this.draw());
    this.map.on("change:size", () => {
      if (this.fitted) this.fit();
    });
    canvas.addEventListener("pointerdown", (event) => this.down(event));
    canvas.addEventListener("pointermove", (event) => this.move(event));
    for (const kind of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(kind, (event) => this.up(event));
    }
    canvas.addEventListener("pointerleave", () => this.hooks.hover(null));
    canvas.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
  }

  /** Show an image; `url(level, column, row)` gives a tile's address, level 0 in full resolution. */
  show(image: Picture, url: (level: number, column: number, row: number) => string): void {
    if (this.image?.id === image.id) return this.redraw();
    this.image = image;
    this.cross = null;
    const projection = projectionOf(image);
    const layer = new TileLayer({
      extent: extentOf(image),
      source: tilesOf(image, projection, (z, x, y) => url(image.levels - z, x, y)),
    });
    layer.on("prerender", ({ context }) => {
      if (context instanceof CanvasRenderingContext2D) context.imageSmoothingEnabled = this.zoomed < 3;
    });
    this.map.setLayers([layer]);
    this.map.setView(viewOf(image, projection, 0));
    this.fit();
  }

  get width(): number {
    return this.canvas.clientWidth;
  }

  get height(): number {
    return this.canvas.clientHeight;
  }

  /** Screen pixels an image pixel is wide. */
  get zoomed(): number {
    return 1 / (this.map.getView().getResolution() ?? 1);
  }

  toImage(x: number, y: number): Place {
    const [cx, cy] = this.map.getView().getCenter() ?? [0, 0];
    return [cx! + (x - this.width / 2) / this.zoomed, -cy! + (y - this.height / 2) / this.zoomed];
  }

  toScreen(x: number, y: number): Place {
    const [cx, cy] = this.map.getView().getCenter() ?? [0, 0];
    return [(x - cx!) * this.zoomed + this.width / 2, (y + cy!) * this.zoomed + this.height / 2];
  }

  /** The whole image, with room for the scale bar below it. */
  fit(): void {
    if (!this.image) return;
    this.map.updateSize();
    this.map.getView().fit(extentOf(this.image), { padding: [8, 8, FOOT, 8] });
    this.fitted = true;
  }

  /** Zoom by a factor about a place on the screen, the middle by default. */
  zoom(factor: number, x = this.width / 2, y = this.height / 2): void {
    const [ix, iy] = this.toImage(x, y);
    this.map.getView().adjustResolution(1 / factor, [ix, -iy]);
    this.fitted = false;
  }

  /** Move the keyboard's cross to a place and keep it in sight. */
  moveCross(x: number, y: number): void {
    const { width, height } = this.image!;
    this.cross = [Math.min(Math.max(x, 0), width), Math.min(Math.max(y, 0), height)];
    const [sx, sy] = this.toScreen(...this.cross);
    if (sx < 20 || sy < 20 || sx > this.width - 20 || sy > this.height - 20) {
      this.map.getView().setCenter([this.cross[0], -this.cross[1]]);
      this.fitted = false;
    }
    this.hooks.hover(this.cross);
    this.redraw();
  }

  redraw(): void {
    this.map.render();
  }

  private pan(dx: number, dy: number): void {
    this.map.getView().adjustCenter([-dx / this.zoomed, dy / this.zoomed]);
    this.fitted = false;
  }

  private down(event: PointerEvent): void {
    if (!this.image) return;
    this.canvas.focus({ preventScroll: true });
    this.canvas.setPointerCapture(event.pointerId);
    const place: Place = [event.offsetX, event.offsetY];
    this.pointers.set(event.pointerId, place);
    this.cross = null;
    if (this.pointers.size === 2) {
      if (this.marking) this.hooks.cancel();
      this.marking = false;
      return;
    }
    this.marking = !this.moving && event.button === 0 && this.pointers.size === 1;
    if (this.marking) this.hooks.press(this.toImage(...place));
  }

  private move(event: PointerEvent): void {
    if (!this.image) return;
    const place: Place = [event.offsetX, event.offsetY];
    const before = this.pointers.get(event.pointerId);
    if (!before) return this.hooks.hover(this.toImage(...place));
    if (this.pointers.size === 2) this.pinch(event.pointerId, before, place);
    else if (this.marking) {
      for (const step of event.getCoalescedEvents?.() ?? []) this.hooks.drag(this.toImage(step.offsetX, step.offsetY));
      this.hooks.drag(this.toImage(...place));
    } else this.pan(place[0] - before[0], place[1] - before[1]);
    this.pointers.set(event.pointerId, place);
  }

  private up(event: PointerEvent): void {
    if (!this.pointers.delete(event.pointerId)) return;
    if (this.marking) {
      if (event.type === "pointercancel") this.hooks.cancel();
      else this.hooks.release(this.toImage(event.offsetX, event.offsetY));
    }
    this.marking = false;
  }

  private pinch(id: number, before: Place, place: Place): void {
    const other = [...this.pointers].find(([key]) => key !== id)![1];
    this.pan((place[0] - before[0]) / 2, (place[1] - before[1]) / 2);
    const apart = Math.hypot(before[0] - other[0], before[1] - other[1]) || 1;
    const factor = Math.hypot(place[0] - other[0], place[1] - other[1]) / apart;
    this.zoom(factor, (place[0] + other[0]) / 2, (place[1] + other[1]) / 2);
  }

  private wheel(event: WheelEvent): void {
    if (!this.image) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)), event.offsetX, event.offsetY);
  }

  private draw(): void {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(this.width * ratio), Math.round(this.height * ratio)];
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    this.context.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.context.clearRect(0, 0, this.width, this.height);
    if (!this.image) return;
    this.hooks.draw(this.context, this);
    if (this.cross && document.activeElement === this.canvas) this.drawCross(...this.cross);
  }

  private drawCross(ix: number, iy: number): void {
    const [x, y] = this.toScreen(ix, iy);
    const { context } = this;
    for (const [width, colour] of [[4, "rgba(0,0,0,.65)"], [1.5, "#fff"]] as const) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.beginPath();
      for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]] as const) {
        context.moveTo(x + dx * 5, y + dy * 5);
        context.lineTo(x + dx * 18, y + dy * 18);
      }
      context.stroke();
    }
  }
}
