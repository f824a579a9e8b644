// Drawing on the map: a box, a polygon, a line or a point, by pointer or from the keyboard.

import Feature from "ol/Feature.js";
import { always, never, noModifierKeys } from "ol/events/condition.js";
import type LineString from "ol/geom/LineString.js";
import type Point from "ol/geom/Point.js";
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

export type Kind = "box" | "polygon" | "line" | "point";

const LEAST = 1; // pixels of a side, below which a click was meant
const TYPES = { polygon: "Polygon", line: "LineString", point: "Point" } as const;
const CORNERS =
  "and double-click the last; or move the map with the arrows, set points with the space bar and end with Enter. Backspace takes the last one back, Escape stops.";

const TAPS = {
  box: "Drag a box over the scene.",
  polygon: "Tap the corners, then the first one again.",
  line: "Tap points along the line, the last one twice.",
  point: "Tap a place.",
};
const KEYS = {
  box: "Drag a box over the scene; or move the map with the arrows and set two opposite corners with the space bar. Escape stops.",
  polygon:
    "Click the corners and double-click the last, or click the first again; or move the map with the arrows, set corners with the space bar and end with Enter. Backspace takes the last one back, Escape stops.",
  line: `Click points along the line ${CORNERS}`,
  point: "Click a place; or move the map with the arrows and choose what is in its middle with the space bar. Escape stops.",
};

/** How to draw; short where a finger draws, which hides what is below, and there are no keys. */
const HELP = matchMedia("(pointer: coarse)").matches ? TAPS : KEYS;

export class Sketch {
  private drawing: Draw | null = null;
  private kind: Kind = "box";
  private corner: number[] | null = null; // the first, where a box is drawn from the keyboard
  private done: ((points: number[][]) => void) | null = null;
  private button: HTMLElement | null = null; // that is pressed while it draws
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

  /** Draws until something is drawn, whose points are told in pixels of the scene. */
  start(kind: Kind, button: HTMLElement, done: (points: number[][]) => void): void {
    this.begins();
    this.stop();
    this.kind = kind;
    this.button = button;
    this.done = done;
    this.scene.talks = false;
    button.setAttribute("aria-pressed", "true");
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
            type: TYPES[kind],
            style: this.style,
            freehandCondition: never,
            condition: noModifierKeys,
          });
    draw.on("drawstart", () => this.source.clear());
    draw.on("drawend", ({ feature }) => {
      const geometry = feature.getGeometry() as Polygon | LineString | Point;
      if (geometry.getType() === "Point") this.finish([(geometry as Point).getCoordinates()]);
      else if (geometry.getType() === "LineString") this.finish((geometry as LineString).getCoordinates());
      else this.finish((geometry as Polygon).getCoordinates()[0]!);
    });
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
    this.button?.setAttribute("aria-pressed", "false");
    this.button = null;
  }

  private key(event: KeyboardEvent): void {
    if (!this.drawing) return;
    const centre = this.scene.map.getView().getCenter();
    if (event.key === "Escape") {
      this.stop();
    } else if (event.key === " " && centre) {
      this.crosshair.hidden = false;
      if (this.kind === "point") this.finish([centre]);
      else if (this.kind !== "box") this.drawing.appendCoordinates([centre]);
      else if (!this.corner) this.begin(centre);
      else this.finish(boxOf(this.corner, centre));
    } else if (event.key === "Backspace") {
      if (this.kind === "box") this.begin(null);
      else this.drawing.removeLastPoint();
    } else if (event.key === "Enter") {
      if (this.kind !== "box") this.drawing.finishDrawing();
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

  private finish(drawn: number[][]): void {
    const pixels = this.scene.pixelsOf(drawn);
    const inside = this.scene.clamped(pixels);
    // Corners moved to the edge would bend the sides of a polygon or line that runs over it.
    const points = this.kind === "box" ? inside : pixels;
    const [left, upper, right, lower] = boundsOf(inside);
    const [wide, high] = [right - left, lower - upper];
    if (this.kind !== "point" && (this.kind === "line" ? Math.max(wide, high) : Math.min(wide, high)) < LEAST) {
      // A click, or something outside the scene: the drawing goes on.
      return this.say(`This has no inside in the scene. ${HELP[this.kind]}`);
    }
    const { done } = this;
    this.stop();
    // The double click that ended the drawing shall not zoom.
    setTimeout(() => done?.(points));
  }

  private say(text: string): void {
    this.said.classList.add("help"); // which is not printed
    this.said.textContent = text;
    this.said.hidden = false;
  }
}

/** Left, upper, right and lower edge. */
function boundsOf(points: number[][]): [number, number, number, number] {
  const [xs, ys] = [points.map(([x]) => x!), points.map(([, y]) => y!)];
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** A drawn box or polygon as an area of interest is written. */
export function areaOf(kind: "box" | "polygon", points: number[][]): string {
  const written = (value: number): string => String(Number(value.toFixed(1)));
  if (kind === "box") return `pixels:${boundsOf(points).map(written).join(",")}`;
  return `pixels:POLYGON((${points.map(([x, y]) => `${written(x!)} ${written(y!)}`).join(",")}))`;
}

const boxOf = (one: number[], other: number[]): number[][] =>
  fromExtent([
    Math.min(one[0]!, other[0]!),
    Math.min(one[1]!, other[1]!),
    Math.max(one[0]!, other[0]!),
    Math.max(one[1]!, other[1]!),
  ]).getCoordinates()[0]!;
