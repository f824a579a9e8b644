// Drawing an area of interest on the map: a box or a polygon, by pointer or from the keyboard.

import Feature from "ol/Feature.js";
import { always, never, noModifierKeys } from "ol/events/condition.js";
import Polygon, { fromExtent } from "ol/geom/Polygon.js";
import Draw, { createBox } from "ol/interaction/Draw.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import CircleStyle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import { byId } from "./dom.ts";
import type { SceneMap } from "./map.ts";

export type Kind = "box" | "polygon";

const LEAST = 1; // pixels of a box's side, below which a click was meant

const HELP = {
  box: "Drag a box over the scene; or move the map with the arrows and set two opposite corners with the space bar. Escape stops.",
  polygon:
    "Click the corners and double-click the last, or click the first again; or move the map with the arrows, set corners with the space bar and end with Enter. Backspace takes the last one back, Escape stops.",
};

export class Sketch {
  private drawing: Draw | null = null;
  private kind: Kind = "box";
  private corner: number[] | null = null; // the first, where a box is drawn from the keyboard
  private done: ((area: string) => void) | null = null;
  private readonly source = new VectorSource();
  private readonly said = byId("measure");
  private readonly crosshair = byId("crosshair");
  private readonly style = [
    new Style({ stroke: new Stroke({ color: "rgba(0,0,0,0.6)", width: 5 }) }),
    new Style({
      stroke: new Stroke({ color: "#ffd43b", width: 2.5 }),
      fill: new Fill({ color: "rgba(255, 212, 59, 0.15)" }),
      image: new CircleStyle({ radius: 5, fill: new Fill({ color: "#ffd43b" }) }),
    }),
  ];

  constructor(
    private readonly scene: SceneMap,
    private readonly target: HTMLElement,
    private readonly begins: () => void,
  ) {
    scene.map.addLayer(new VectorLayer({ source: this.source, style: this.style, zIndex: 10 }));
    target.addEventListener("keydown", (event) => this.key(event));
  }

  get isOn(): boolean {
    return this.drawing !== null;
  }

  start(kind: Kind, done: (area: string) => void): void {
    this.begins();
    this.stop();
    this.kind = kind;
    this.done = done;
    this.scene.talks = false;
    byId(`draw-${kind}`).setAttribute("aria-pressed", "true");
    const draw =
      kind === "box"
        ? new Draw({
            type: "Circle",
            geometryFunction: createBox(),
            style: this.style,
            freehandCondition: always,
            condition: noModifierKeys,
          })
        : new Draw({
            type: "Polygon",
            style: this.style,
            freehandCondition: never,
            condition: noModifierKeys,
          });
    draw.on("drawstart", () => this.source.clear());
    draw.on("drawend", ({ feature }) => this.finish((feature.getGeometry() as Polygon).getCoordinates()[0]!));
    this.scene.map.addInteraction(draw);
    this.drawing = draw;
    this.say(HELP[kind]);
    this.target.focus({ preventScroll: true });
    this.target.scrollIntoView({ block: "nearest" });
    this.crosshair.hidden = !this.target.matches(":focus-visible");
  }

  stop(): void {
    if (!this.drawing) return;
    this.scene.map.removeInteraction(this.drawing);
    this.drawing = this.corner = this.done = null;
    this.source.clear();
    this.scene.talks = true;
    this.said.hidden = true;
    this.crosshair.hidden = true;
    for (const kind of ["box", "polygon"]) byId(`draw-${kind}`).setAttribute("aria-pressed", "false");
  }

  private key(event: KeyboardEvent): void {
    if (!this.drawing) return;
    const centre = this.scene.map.getView().getCenter();
    if (event.key === "Escape") {
      this.stop();
    } else if (event.key === " " && centre) {
      this.crosshair.hidden = false;
      if (this.kind === "polygon") this.drawing.appendCoordinates([centre]);
      else if (!this.corner) this.begin(centre);
      else this.finish(boxOf(this.corner, centre));
    } else if (event.key === "Backspace") {
      if (this.kind === "polygon") this.drawing.removeLastPoint();
      else this.begin(null);
    } else if (event.key === "Enter") {
      if (this.kind === "polygon") this.drawing.finishDrawing();
      else if (this.corner && centre) this.finish(boxOf(this.corner, centre));
    } else {
      this.crosshair.hidden = !event.key.startsWith("Arrow") && this.crosshair.hidden;
      return;
    }
    event.preventDefault();
  }

  /** Sets the first corner of a box, or takes it back. */
  private begin(corner: number[] | null): void {
    this.corner = corner;
    this.source.clear();
    if (corner) this.source.addFeature(new Feature(new Polygon([[corner, corner, corner, corner]])));
    this.say(corner ? "First corner set; move the map and set the opposite one with the space bar." : HELP.box);
  }

  private finish(ring: number[][]): void {
    const inside = this.scene.clamped(ring);
    const [xs, ys] = [inside.map(([x]) => x!), inside.map(([, y]) => y!)];
    const [left, upper, right, lower] = [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
    if (right - left < LEAST || lower - upper < LEAST) {
      // A click, or something outside the scene: the drawing goes on.
      return this.say(`This has no inside in the scene. ${HELP[this.kind]}`);
    }
    const written = (value: number): string => String(Number(value.toFixed(1)));
    const area =
      this.kind === "box"
        ? `pixels:${[left, upper, right, lower].map(written).join(",")}`
        : `pixels:POLYGON((${inside.map(([x, y]) => `${written(x!)} ${written(y!)}`).join(",")}))`;
    const { done } = this;
    this.stop();
    // The double click that ended the drawing shall not zoom.
    setTimeout(() => done?.(area));
  }

  private say(text: string): void {
    this.said.textContent = text;
    this.said.hidden = false;
  }
}

const boxOf = (one: number[], other: number[]): number[][] =>
  fromExtent([
    Math.min(one[0]!, other[0]!),
    Math.min(one[1]!, other[1]!),
    Math.max(one[0]!, other[0]!),
    Math.max(one[1]!, other[1]!),
  ]).getCoordinates()[0]!;
