// What of a scene is measured: inside an area, by zone, against an earlier image. It stands beside the question.

import type { Asked, Part, PolygonLayer, Scene, SceneEntry } from "./api.ts";
import * as api from "./api.ts";
import { byId, fill, make, option } from "./dom.ts";
import { correctionsOf } from "./correct.ts";
import { namesOf } from "./gallery.ts";
import type { SceneMap } from "./map.ts";
import * as numbers from "./numbers.ts";
import { WHOLE } from "./place.ts";
import { areaOf, type Sketch } from "./sketch.ts";
import type { Swipe } from "./swipe.ts";

interface Page {
  scene: () => Scene | null;
  scenes: () => Promise<SceneEntry[]>;
  gsd: () => number | null;
  /** Takes another part of the scene, which gets an address of its own. */
  changed: (part: Part) => void;
}

const BOXES = ["area", "zones", "before"] as const;
type Box = (typeof BOXES)[number];

export class Parts {
  part: Part = WHOLE;
  private shown = 0; // numbers what is shown, so that a late reply shows nothing
  private layers: PolygonLayer[] = [];
  private readonly chips = byId("part-chips");
  private readonly problem = byId("part-error");
  private readonly zonesLayer = byId<HTMLSelectElement>("zones-layer");
  private readonly zonesName = byId<HTMLSelectElement>("zones-name");
  private readonly zonesExact = byId<HTMLInputElement>("zones-exact");
  private readonly areaLayer = byId<HTMLSelectElement>("area-layer");
  private readonly beforeScene = byId<HTMLSelectElement>("before-scene");

  constructor(
    private readonly map: SceneMap,
    private readonly sketch: Sketch,
    private readonly swipe: Swipe,
    private readonly page: Page,
  ) {
    for (const box of BOXES) byId(`add-${box}`).addEventListener("click", () => this.open(box));
    for (const kind of ["box", "polygon"] as const) {
      byId(`draw-${kind}`).addEventListener("click", () => this.draw(kind));
    }
    byId("box-use").addEventListener("click", () => this.typed());
    for (const input of byId("box-fields").querySelectorAll("input")) {
      input.addEventListener("keydown", (event) => {
        if (event.key !== "Enter") return;
        event.preventDefault(); // it would send the question
        this.typed();
      });
    }
    byId<HTMLInputElement>("area-file").addEventListener("change", (event) =>
      void this.upload(event.target as HTMLInputElement, (layer) => this.take({ area: `layer:${layer.id}`, zones: null })),
    );
    this.areaLayer.addEventListener("change", () => {
      if (this.areaLayer.value) this.take({ area: `layer:${this.areaLayer.value}`, zones: null });
    });
    byId<HTMLInputElement>("zones-file").addEventListener("change", (event) =>
      void this.upload(event.target as HTMLInputElement, (layer) => this.takeZones(layer)),
    );
    this.zonesLayer.addEventListener("change", () => {
      const layer = this.layers.find(({ id }) => id === this.zonesLayer.value);
      if (layer) this.takeZones(layer);
      else this.take({ zones: null, zone_name: null });
    });
    this.zonesName.addEventListener("change", () => this.take({ zone_name: this.zonesName.value || null }));
    this.zonesExact.addEventListener("change", () => this.take({ border: this.zonesExact.checked ? "exact" : "centre" }));
    this.beforeScene.addEventListener("change", () => {
      this.fold();
      byId("add-before").focus();
      this.take({ before: this.beforeScene.value || null });
    });
  }

  /** What a request says; one for a program has no zones. */
  order(kind: "ask" | "run" = "ask"): Partial<Part> {
    const { area, zones, zone_name, border, before } = this.part;
    if (kind === "run") return { area, before };
    return { area, before, ...(zones ? { zones, zone_name, border } : {}) };
  }

  /** Shows a part of the scene that is open; of an answer with the outlines that it keeps. */
  async show(part: Part, of: { asked: Asked; outlines: object | null } | null = null): Promise<void> {
    const mine = ++this.shown;
    this.part = part;
    this.sketch.stop();
    this.problem.hidden = true;
    this.map.showArea(null);
    const scene = this.page.scene();
    if (!scene) return;
    this.swipe.show(scene, part.before, of?.asked.before_name ?? null);
    this.tell(of?.asked ?? null, null);
    try {
      if (part.area) {
        const kept = of && of.outlines ? of : null;
        const laid = kept ? null : await api.layArea(scene.id, part.area, this.page.gsd());
        if (mine !== this.shown) return;
        this.map.showArea(laid ? laid.outline : kept!.outlines);
        this.tell(of?.asked ?? null, laid);
      } else if (part.zones && !of) {
        const outlines = await api.zoneOutlines(scene.id, part.zones, part.zone_name);
        if (mine !== this.shown) return;
        this.map.showArea(outlines);
      }
      if (part.before) await this.name(part.before, scene, mine);
    } catch (error) {
      if (mine === this.shown) this.fail(error as Error);
    }
    if (mine === this.shown) await this.refresh();
  }

  /** Folds what was opened to choose a part. */
  fold(): void {
    for (const box of BOXES) this.toggle(box, false);
  }

  /** Closes what was opened for another scene. */
  close(): void {
    this.layers = [];
    this.fold();
    for (const input of byId("box-fields").querySelectorAll("input")) input.value = "";
  }

  private async name(before: string, scene: Scene, mine: number): Promise<void> {
    const scenes = await this.page.scenes();
    if (mine !== this.shown) return;
    const name = namesOf(scenes).get(before);
    if (!name) throw new Error("The earlier image is not there any more; choose another one, or take it away.");
    this.swipe.show(scene, before, name);
    const chip = this.chips.querySelector("[data-part=before] span");
    if (chip) chip.textContent = `Compared with ${name}`;
  }

  /** What is measured, as chips that one click takes away. */
  private tell(asked: Asked | null, laid: api.Laid | null): void {
    const { part } = this;
    const chips: [Box, string, Partial<Part>][] = [];
    if (part.area) chips.push(["area", insideOf(part.area, asked, laid), { area: null }]);
    if (part.zones) {
      const layer = this.layers.find(({ id }) => id === part.zones);
      const name = asked?.zones_name ?? layer?.name ?? "zones";
      const by = part.zone_name ? `, named by ${part.zone_name}` : "";
      const exact = part.border === "exact" ? ", parts of pixels counted" : "";
      chips.push(["zones", `By zone: ${name}${by}${exact}`, { zones: null, zone_name: null, border: "centre" }]);
    }
    if (part.before) chips.push(["before", `Compared with ${asked?.before_name ?? "an earlier image"}`, { before: null }]);
    fill(
      this.chips,
      ...chips.map(([box, text, without]) => {
        const remove = make("button", { type: "button", class: "remove", "aria-label": `Take away: ${text}` }, "×");
        remove.addEventListener("click", () => {
          this.take(without);
          byId(`add-${box}`).focus();
        });
        return make("li", { class: "part-chip", "data-part": box }, make("span", {}, text), remove);
      }),
    );
    const notes = laid?.notes ?? [];
    byId("part-notes").hidden = notes.length === 0;
    fill(byId("part-notes"), ...notes.map((note) => make("li", {}, note)));
  }

  private open(box: Box): void {
    const opens = Boolean(byId(`${box}-box`).hidden);
    for (const each of BOXES) this.toggle(each, each === box && opens);
    this.sketch.stop();
    if (opens) void this.refresh().catch((error: Error) => this.fail(error));
  }

  private toggle(box: Box, opens: boolean): void {
    byId(`${box}-box`).hidden = !opens;
    byId(`add-${box}`).setAttribute("aria-expanded", String(opens));
  }

  /** Fills what may be chosen, where a box is open. */
  private async refresh(): Promise<void> {
    const scene = this.page.scene();
    if (!scene || BOXES.every((box) => byId(`${box}-box`).hidden)) return;
    const { part } = this;
    if (!byId("before-box").hidden) {
      const scenes = await this.page.scenes();
      const names = namesOf(scenes);
      const others = scenes.filter(({ id }) => id !== scene.id);
      fill(
        this.beforeScene,
        option("", others.length ? "none" : "add the earlier image as a scene first"),
        ...others.map(({ id }) => option(id, names.get(id)!)),
      );
      this.beforeScene.value = part.before ?? "";
      return;
    }
    this.layers = await api.layers(scene.id);
    if (this.page.scene()?.id !== scene.id) return;
    const choices = this.layers.map(({ id, name, features }) => option(id, `${name} (${numbers.count(features)} polygons)`));
    const none = choices.length ? "none" : "this scene has none yet";
    fill(this.areaLayer, option("", none), ...choices.map((each) => each.cloneNode(true)));
    this.areaLayer.value = part.area?.startsWith("layer:") ? part.area.slice(6) : "";
    for (const layer of this.layers) {
      if (!layer.zones) choices.find(({ value }) => value === layer.id)!.disabled = true;
    }
    fill(this.zonesLayer, option("", none), ...choices);
    this.zonesLayer.value = part.zones ?? "";
    const layer = this.layers.find(({ id }) => id === part.zones);
    byId("zones-how").hidden = !layer;
    const told = (field: PolygonLayer["fields"][number]): string =>
      `${field.name}${field.samples.length ? ` (${field.samples.join(", ")}${field.different > field.samples.length ? ", …" : ""})` : ""}`;
    fill(this.zonesName, option("", "the only text that differs, or their numbers"), ...(layer?.fields ?? []).map((each) => option(each.name, told(each))));
    this.zonesName.value = part.zone_name ?? "";
    this.zonesExact.checked = part.border === "exact";
    if (layer) this.chips.querySelector("[data-part=zones] span")!.textContent = this.ofZones(layer);
  }

  private ofZones(layer: PolygonLayer): string {
    const { part } = this;
    const count = `${numbers.count(layer.features)} ${layer.features === 1 ? "polygon" : "polygons"}`;
    const by = part.zone_name ? `, named by ${part.zone_name}` : "";
    return `By zone: ${layer.name}, ${count}${by}${part.border === "exact" ? ", parts of pixels counted" : ""}`;
  }

  private take(change: Partial<Part>): void {
    this.page.changed({ ...this.part, ...change });
  }

  private takeZones(layer: PolygonLayer): void {
    this.take({ zones: layer.id, zone_name: layer.likely, border: "centre", area: null });
  }

  private draw(kind: "box" | "polygon"): void {
    this.problem.hidden = true;
    this.sketch.start(kind, byId(`draw-${kind}`), (points) => {
      this.fold();
      byId<HTMLTextAreaElement>("question").focus();
      this.take({ area: areaOf(kind, points), zones: null });
    });
  }

  /** A box that was typed, for those who draw none. */
  private typed(): void {
    const [unit, ...sides] = ["box-unit", "box-left", "box-upper", "box-right", "box-lower"].map(
      (name) => byId<HTMLInputElement | HTMLSelectElement>(name).value.trim(),
    ) as [string, ...string[]];
    if (sides.some((side) => side === "" || !Number.isFinite(Number(side)))) {
      return this.fail(new Error("The box needs four numbers: its left, upper, right and lower edge."));
    }
    const [left, upper, right, lower] = sides.map(Number) as [number, number, number, number];
    const [low, high] = [Math.min(upper, lower), Math.max(upper, lower)];
    this.take({ area: `${unit}:${Math.min(left, right)},${low},${Math.max(left, right)},${high}`, zones: null });
  }

  private async upload(input: HTMLInputElement, then: (layer: PolygonLayer) => void): Promise<void> {
    const scene = this.page.scene();
    const file = input.files?.[0];
    if (!scene || !file) return;
    this.problem.hidden = true;
    const state = byId("part-state");
    state.textContent = `Reading ${file.name}…`;
    try {
      const layer = await api.addLayer(scene.id, file);
      if (this.page.scene()?.id === scene.id) then(layer);
    } catch (error) {
      this.fail(error as Error);
    } finally {
      state.textContent = "";
      input.value = "";
    }
  }

  private fail(error: Error): void {
    this.problem.textContent = error.message;
    this.problem.hidden = false;
  }
}

/** Where was measured, in words. */
export function insideOf(area: string, asked: Asked | null, laid: api.Laid | null): string {
  const hectares = laid ? laid.hectares : (asked?.area_hectares ?? null);
  const size = hectares !== null ? numbers.area(hectares * 10_000) : laid ? `${numbers.count(laid.pixels)} pixels` : "";
  let name = "the drawn area";
  if (area.startsWith("layer:")) name = asked?.area_name ?? laid?.name.replaceAll("'", "") ?? "a layer";
  else if (!area.startsWith("pixels:")) name = area.includes("(") ? "the polygon" : "the box";
  return `Inside ${name}${size ? `, ${size}` : ""}`;
}

/** What was measured of the scene, in words behind a question. */
export function saidOf(asked: Asked): string {
  const parts: string[] = [];
  if (asked.area) parts.push(insideOf(asked.area, asked, null));
  if (asked.zones) parts.push(`By zone: ${asked.zones_name ?? "zones"}${asked.zone_name ? `, named by ${asked.zone_name}` : ""}`);
  if (asked.before) parts.push(`Compared with ${asked.before_name ?? "an earlier image"}`);
  if (asked.corrections) parts.push(`With ${correctionsOf(asked.corrections)}`);
  return parts.join(" · ");
}

export const partOf = ({ area, zones, zone_name, border, before }: Asked): Part => ({ area, zones, zone_name, border, before });
