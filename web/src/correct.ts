// Correcting masks by hand: shapes removed, added, erased and cut, and the same measured anew.

import type Feature from "ol/Feature.js";
import type { FeatureLike } from "ol/Feature.js";
import VectorLayer from "ol/layer/Vector.js";
import VectorSource from "ol/source/Vector.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import type { Correction, View } from "./api.ts";
import { byId, fill, make, option } from "./dom.ts";
import { outlineOf, type SceneMap, type Shape } from "./map.ts";
import * as numbers from "./numbers.ts";
import type { Kind, Sketch } from "./sketch.ts";

type Tool = "remove" | "add" | "erase" | "cut";

const TOOLS: Record<Tool, [Kind, string]> = {
  remove: ["point", "Choose a counted shape on the map; it is taken away by its outline."],
  add: ["polygon", "Draw what is missing."],
  erase: ["polygon", "Draw what is taken away."],
  cut: ["line", "Draw a line where two run together; a strip 1.5 pixels wide is taken away."],
};
const COLOUR = "#4de8ff";
const EDGE = new Style({ stroke: new Stroke({ color: "rgba(20, 26, 24, 0.85)", width: 5 }) });
const ADDED = new Style({ stroke: new Stroke({ color: COLOUR, width: 2.5 }), fill: new Fill({ color: "rgba(77, 232, 255, 0.35)" }) });
const REMOVED = new Style({
  stroke: new Stroke({ color: COLOUR, width: 2.5, lineDash: [6, 5] }),
  fill: new Fill({ color: "rgba(20, 26, 24, 0.45)" }),
});

export const correctionsOf = (count: number): string => `${numbers.count(count)} ${count === 1 ? "correction" : "corrections"} by hand`;

/** What a person corrected in the scene that is open; every question about it is asked with this. */
export class Corrections {
  private made: Correction[] = [];
  private measured = "[]"; // those of the answer that is shown
  private own = false; // whether that answer is of a person's own program
  private shapes: Shape[] = [];
  private topics: string[] = [];
  private readonly drawn = new VectorSource();
  private readonly topic = byId<HTMLSelectElement>("correct-topic");
  private readonly said = byId("correct-said");

  constructor(
    private readonly map: SceneMap,
    private readonly sketch: Sketch,
    private readonly anew: (own: boolean) => void,
  ) {
    const style = (feature: FeatureLike): Style[] => [EDGE, feature.get("action") === "add" ? ADDED : REMOVED];
    map.map.addLayer(new VectorLayer({ source: this.drawn, style, zIndex: 6 }));
    for (const tool of Object.keys(TOOLS) as Tool[]) {
      const button = byId(`correct-${tool}`);
      button.addEventListener("click", () => {
        if (button.getAttribute("aria-pressed") === "true") this.stop();
        else this.start(tool);
      });
    }
    byId("correct-undo").addEventListener("click", () => this.take(this.made.slice(0, -1)));
    byId("correct-clear").addEventListener("click", () => this.take([]));
    byId("correct-anew").addEventListener("click", () => {
      this.stop();
      this.anew(this.own);
    });
  }

  /** What a request says. */
  order(): { corrections?: object } {
    return this.made.length ? { corrections: { type: "FeatureCollection", features: this.made } } : {};
  }

  /** Lets the answer that is shown be corrected, beginning with what it was measured with. */
  show(view: View, shapes: Shape[], made: Correction[]): void {
    this.measured = JSON.stringify(made);
    this.own = view.kind === "run";
    this.shapes = shapes.filter((shape) => shape.layer.startsWith("counted"));
    const correctable = view.correctable ?? [];
    this.topics = correctable.map(({ topic }) => topic);
    fill(this.topic, ...correctable.map(({ topic, shown }) => option(topic, shown)));
    byId("correct-card").hidden = this.topics.length === 0;
    byId<HTMLButtonElement>("correct-remove").disabled = this.shapes.length === 0;
    this.said.textContent = "";
    this.take(made);
  }

  /** Takes these corrections instead of those there are. */
  take(made: Correction[]): void {
    this.made = made;
    this.drawn.clear();
    this.drawn.addFeatures(this.map.features({ type: "FeatureCollection", features: made }));
    const count = made.length;
    byId("correct-count").textContent = count ? correctionsOf(count) : "";
    for (const id of ["correct-undo", "correct-clear"]) byId<HTMLButtonElement>(id).disabled = count === 0;
    byId<HTMLButtonElement>("correct-anew").disabled = JSON.stringify(made) === this.measured;
    const remove = make("button", { type: "button", class: "remove", "aria-label": `Take away: ${correctionsOf(count)}` }, "×");
    remove.addEventListener("click", () => {
      this.take([]);
      byId("question").focus();
    });
    const chip = make("li", { class: "part-chip", "data-part": "corrections" }, make("span", {}, `With ${correctionsOf(count)}`), remove);
    fill(byId("correct-chip"), ...(count ? [chip] : []));
  }

  private stop(): void {
    this.sketch.stop();
    this.said.textContent = "";
  }

  private start(tool: Tool): void {
    const [kind, help] = TOOLS[tool];
    this.sketch.start(kind, byId(`correct-${tool}`), (points) => {
      const problem = this.draw(tool, points);
      this.start(tool); // until another tool, or none, is wanted
      if (problem) this.said.textContent = problem;
    });
    this.said.textContent = help;
  }

  /** Corrects by what was drawn; why not, where it does not. */
  private draw(tool: Tool, points: number[][]): string {
    const rounded = points.map((point) => point.map((value) => Number(value.toFixed(2))));
    if (tool === "remove") {
      const [x, y] = points[0] as [number, number];
      const shape = this.shapes.find(({ feature }) => feature.getGeometry()?.intersectsCoordinate([x, -y]));
      if (!shape) return "There is no counted shape here; choose one of those with an outline.";
      const topic = this.topics.includes(shape.topic) ? shape.topic : this.topic.value;
      this.add(topic, "remove", outlineOf(shape.feature as Feature));
    } else if (tool === "cut") {
      this.add(this.topic.value, "remove", { type: "LineString", coordinates: rounded });
    } else {
      this.add(this.topic.value, tool === "add" ? "add" : "remove", { type: "Polygon", coordinates: [rounded] });
    }
    return "";
  }

  private add(topic: string, action: "add" | "remove", geometry: object): void {
    this.take([...this.made, { type: "Feature", properties: { topic, action }, geometry }]);
  }
}
