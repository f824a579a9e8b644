// Ruler and area: points on the map, by pointer or from the keyboard, and what they measure.

import type Feature from "ol/Feature.js";
import type LineString from "ol/geom/LineString.js";
import type Polygon from "ol/geom/Polygon.js";
import { never, noModifierKeys } from "ol/events/condition.js";
import Draw from "ol/interaction/Draw.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import CircleStyle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import { byId } from "./dom.ts";
import type { SceneMap } from "./map.ts";
import * as numbers from "./numbers.ts";
import { lengthOf } from "./picture.ts";

type Tool = "ruler" | "area";

const HELP = matchMedia("(pointer: coarse)").matches
  ? "Tap points, the last one twice."
  : "Click points and double-click to end; or move the map with the arrows, set points with the space bar and end with Enter. Backspace takes the last point back, Escape stops.";

export class Tools {
  private tool: Tool | null = null;
  private draw: Draw | null = null;
  private readonly drawn = new VectorSource();
  private readonly said = byId("measure");
  private readonly crosshair = byId("crosshair");

  constructor(
    private readonly scene: SceneMap,
    private readonly target: HTMLElement,
    private readonly begins: () => void,
  ) {
    const style = [
      new Style({ stroke: new Stroke({ color: "rgba(0,0,0,0.6)", width: 5 }) }),
      new Style({
        stroke: new Stroke({ color: "#ffd43b", width: 2.5 }),
        fill: new Fill({ color: "rgba(255, 212, 59, 0.18)" }),
        image: new CircleStyle({ radius: 5, fill: new Fill({ color: "#ffd43b" }) }),
      }),
    ];
    scene.map.addLayer(new VectorLayer({ source: this.drawn, style, zIndex: 10 }));
    for (const tool of ["ruler", "area"] as const) {
      byId(tool).addEventListener("click", () => (this.tool === tool ? this.stop() : this.start(tool, style)));
    }
    target.addEventListener("keydown", (event) => this.key(event));
  }

  stop(): void {
    if (!this.draw) return;
    this.scene.map.removeInteraction(this.draw);
    this.draw = null;
    this.tool = null;
    this.drawn.clear();
    this.scene.talks = true;
    this.said.hidden = true;
    this.crosshair.hidden = true;
    for (const tool of ["ruler", "area"]) byId(tool).setAttribute("aria-pressed", "false");
  }

  private start(tool: Tool, style: Style[]): void {
    this.begins();
    this.stop();
    this.tool = tool;
    this.scene.talks = false;
    byId(tool).setAttribute("aria-pressed", "true");
    const draw = new Draw({
      source: this.drawn,
      type: tool === "ruler" ? "LineString" : "Polygon",
      style,
      condition: (event) => noModifierKeys(event) && this.inside(event.coordinate),
      freehandCondition: never,
    });
    draw.on("drawstart", ({ feature }) => {
      this.drawn.clear();
      feature.getGeometry()?.on("change", () => this.tell(feature));
    });
    draw.on("drawend", ({ feature }) => this.tell(feature));
    this.scene.map.addInteraction(draw);
    this.draw = draw;
    this.say(HELP);
    this.target.focus({ preventScroll: true });
    this.crosshair.hidden = !this.target.matches(":focus-visible");
  }

  private key(event: KeyboardEvent): void {
    if (!this.draw) return;
    if (event.key === "Escape") {
      this.stop();
    } else if (event.key === " ") {
      this.crosshair.hidden = false;
      const centre = this.scene.map.getView().getCenter();
      if (centre && this.inside(centre)) this.draw.appendCoordinates([centre]);
    } else if (event.key === "Backspace") {
      this.draw.removeLastPoint();
    } else if (event.key === "Enter") {
      this.draw.finishDrawing();
    } else {
      this.crosshair.hidden = !event.key.startsWith("Arrow") && this.crosshair.hidden;
      return;
    }
    event.preventDefault();
  }

  /** Whether a point lies in the scene; one outside measures nothing. */
  private inside(coordinate: number[]): boolean {
    if (this.scene.pixelAt(coordinate)) return true;
    this.say("This point lies outside the scene; choose one inside.");
    return false;
  }

  private tell(feature: Feature): void {
    const metres = this.scene.metres;
    const geometry = feature.getGeometry();
    if (!geometry || !this.tool) return;
    if (this.tool === "ruler") {
      const points = (geometry as LineString).getCoordinates();
      this.say(
        metres
          ? numbers.length(lengthOf(points, metres))
          : `${numbers.count(lengthOf(points, { dx: 1, dy: 1 }))} pixels; no scale is known`,
      );
    } else {
      const pixels = (geometry as Polygon).getArea();
      this.say(metres ? numbers.area(pixels * metres.area) : `${numbers.count(pixels)} pixels; no scale is known`);
    }
  }

  private say(text: string): void {
    this.said.classList.toggle("help", text === HELP); // which is not printed
    this.said.textContent = text;
    this.said.hidden = false;
  }
}
