// Two dates under one map: the earlier image left of a line that is drawn, or moved from the keyboard.

import { unByKey } from "ol/Observable.js";
import type { EventsKey } from "ol/events.js";
import TileLayer from "ol/layer/Tile.js";
import type RenderEvent from "ol/render/Event.js";
import { getRenderPixel } from "ol/render.js";
import type TileImage from "ol/source/TileImage.js";
import type { Scene } from "./api.ts";
import * as api from "./api.ts";
import { byId } from "./dom.ts";
import type { SceneMap } from "./map.ts";

const restore = (event: RenderEvent): void => (event.context as CanvasRenderingContext2D).restore();

export class Swipe {
  private layer: TileLayer<TileImage> | null = null;
  private earlier: string | null = null;
  private later: string | null = null;
  private readonly ends: (EventsKey | undefined)[] = []; // of what the later picture's layer listens to
  private readonly range = byId<HTMLInputElement>("swipe-range");
  private readonly line = byId("swipe-line");

  constructor(private readonly map: SceneMap) {
    this.range.addEventListener("input", () => this.move());
    this.map.map.on("change:size", () => this.move());
  }

  /** Shows an earlier image beside the scene; none where there is none. */
  show(scene: Scene, earlier: string | null, name: string | null): void {
    byId("swipe").hidden = earlier === null;
    byId("swipe-earlier").textContent = name ?? "earlier";
    byId("swipe-later").textContent = scene.name;
    if (earlier === this.earlier && scene.id === this.later) return;
    if (this.layer) this.map.map.removeLayer(this.layer);
    unByKey(this.ends.splice(0).filter((key) => key !== undefined));
    this.layer = null;
    [this.earlier, this.later] = [earlier, scene.id];
    if (earlier === null) return;
    this.layer = new TileLayer({ source: this.map.sourceOf((z, x, y) => api.earlierTile(scene.id, earlier, z, x, y)) });
    this.layer.on("prerender", (event) => this.clip(event, 0, this.share));
    this.layer.on("postrender", restore);
    // Where the earlier image has nothing, the later one shall not pass for it.
    const later = this.map.picture;
    this.ends.push(later?.on("prerender", (event) => this.clip(event, this.share, 1)));
    this.ends.push(later?.on("postrender", restore));
    this.map.map.getLayers().insertAt(1, this.layer);
    this.range.value = "50";
    this.move();
  }

  private move(): void {
    this.line.style.left = `${this.share * 100}%`;
    this.range.setAttribute("aria-valuetext", `${Math.round(this.share * 100)} % of the map shows the earlier image`);
    this.map.map.render();
  }

  private get share(): number {
    return Number(this.range.value) / 100;
  }

  /** Has a layer drawn between two shares of the map's width only. */
  private clip(event: RenderEvent, from: number, to: number): void {
    const context = event.context as CanvasRenderingContext2D;
    const [width, height] = this.map.map.getSize() as [number, number];
    const [left, right] = [width * from, width * to];
    const corners = [[left, 0], [right, 0], [right, height], [left, height]].map((corner) => getRenderPixel(event, corner));
    context.save();
    context.beginPath();
    corners.forEach(([x, y], k) => (k ? context.lineTo(x!, y!) : context.moveTo(x!, y!)));
    context.closePath();
    context.clip();
  }
}
