// What the map says of itself: where the pointer is, which way north is, what the colours mean, which bands are shown.

import type { Layer, Scene } from "./api.ts";
import * as api from "./api.ts";
import { byId, fill, make, option } from "./dom.ts";
import type { SceneMap } from "./map.ts";
import { isMask } from "./map.ts";

const MOST_VALUES = 8;
const COLOURS = ["Red", "Green", "Blue"];

export class Readout {
  private scene: Scene | null = null;
  private wanted: [number, number] | null = null; // of the pixel that the server is asked about next
  private asking = false;
  private readonly said = byId("where");
  private readonly stretch = byId<HTMLSelectElement>("stretch");

  constructor(private readonly map: SceneMap, target: HTMLElement) {
    map.map.on("pointermove", ({ coordinate }) => this.tell(coordinate));
    map.map.on("click", ({ coordinate }) => this.tell(coordinate));
    target.addEventListener("pointerleave", () => this.tell(null));
    this.stretch.addEventListener("change", () => this.showAs());
  }

  show(scene: Scene): void {
    byId<HTMLDetailsElement>("legend").open = !matchMedia("(max-width: 820px)").matches; // there it would hide the map
    this.scene = scene;
    this.tell(null);
    byId("north").hidden = scene.north === null;
    byId("north-needle").style.transform = `rotate(${scene.north ?? 0}deg)`;
    byId("north").title = scene.north === null ? "" : `North is ${turned(scene.north)}`;
    byId<HTMLDetailsElement>("picture").open = false;
    this.stretch.value = "auto";
    byId("picture").hidden = scene.palette;
    const choices = scene.bands > 1 && !scene.palette ? COLOURS : [];
    fill(byId("bands"), ...choices.map((colour, k) => this.bandChoice(scene, colour, k)));
  }

  private bandChoice(scene: Scene, colour: string, k: number): HTMLElement {
    const select = make("select", { "data-colour": colour });
    select.append(...Array.from({ length: scene.bands }, (_, band) => option(String(band + 1), `Band ${band + 1}`)));
    select.value = String(scene.display[k] ?? scene.display[0] ?? 1);
    select.addEventListener("change", () => this.showAs());
    return make("label", {}, colour, select);
  }

  private showAs(): void {
    const bands = [...byId("bands").querySelectorAll("select")].map((select) => select.value);
    const usual = [0, 1, 2].map((k) => String(this.scene?.display[k] ?? this.scene?.display[0]));
    const own = bands.every((band, k) => band === usual[k]);
    this.map.showAs({ bands: own ? "" : bands.join(","), stretch: this.stretch.value });
  }

  private tell(coordinate: number[] | null): void {
    const pixel = coordinate && this.map.pixelAt(coordinate);
    this.said.hidden = !pixel;
    this.wanted = pixel ?? null;
    if (!pixel || !this.scene) return;
    this.write(pixel, null);
    void this.ask();
  }

  /** Longitude, latitude and values come from the server, which is asked about one pixel at a time. */
  private async ask(): Promise<void> {
    if (this.asking) return;
    this.asking = true;
    try {
      while (this.wanted && this.scene) {
        const pixel = this.wanted;
        const { id } = this.scene;
        this.wanted = null;
        const found = await api.at(id, pixel[0], pixel[1]);
        if (!this.wanted && !this.said.hidden && this.scene.id === id) this.write(pixel, found);
      }
    } catch {
      this.wanted = null; // what the page knows by itself stays
    } finally {
      this.asking = false;
    }
  }

  private write([x, y]: [number, number], found: api.At | null): void {
    const scene = this.scene as Scene;
    const parts = [`pixel ${Math.floor(x)}, ${Math.floor(y)}`];
    if (scene.transform && scene.crs) {
      const [a, b, c, d, e, f] = scene.transform as [number, number, number, number, number, number];
      const digits = Math.max(0, Math.ceil(-Math.log10(Math.hypot(a, d))) + 1);
      const place = [a * x + b * y + c, d * x + e * y + f].map((value) => value.toFixed(Math.min(digits, 9)));
      parts.push(`${scene.crs} ${place.join(", ")}`);
    }
    if (found?.longitude != null && found.latitude != null) {
      parts.push(`${degrees(found.latitude, "N", "S")} ${degrees(found.longitude, "E", "W")}`);
    }
    if (found) {
      const values = found.values.slice(0, MOST_VALUES).map((value) => (value === null ? "–" : String(Number(value.toPrecision(7)))));
      parts.push(`value ${values.join(" ")}${found.values.length > MOST_VALUES ? " …" : ""}`);
    }
    fill(this.said, ...parts.map((part) => make("span", {}, part)));
  }
}

const degrees = (value: number, plus: string, minus: string): string =>
  `${Math.abs(value).toFixed(6)}° ${value < 0 ? minus : plus}`;

function turned(north: number): string {
  const whole = Math.round(north);
  if (whole === 0) return "up";
  return `${Math.abs(whole)}° ${whole < 0 ? "left" : "right"} of up`;
}

function swatchOf(colour: string, ring: boolean): HTMLElement {
  const swatch = make("span", { class: ring ? "swatch ring" : "swatch" });
  swatch.style.setProperty("--colour", colour);
  return swatch;
}

/** The legend on the map: the layers that are shown. */
export function drawLegend(map: SceneMap, layers: Layer[], caption: (layer: Layer) => string): void {
  const shown = layers.filter((layer) => map.overlays.get(layer.name)?.getVisible());
  byId("legend").hidden = shown.length === 0;
  fill(
    byId("legend-items"),
    ...shown.flatMap((layer) => {
      if (layer.classes) {
        const classes = layer.classes.map(({ colour, label }) => make("li", {}, swatchOf(colour, false), label));
        return [make("li", { class: "legend-title" }, caption(layer)), ...classes];
      }
      return [make("li", {}, swatchOf(layer.colour, !isMask(layer)), caption(layer))];
    }),
  );
}
