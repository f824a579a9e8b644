// The scene as tiles in its own pixels, with layers and shapes over it.

import OlMap from "ol/Map.js";
import GeoJSON from "ol/format/GeoJSON.js";
import Feature from "ol/Feature.js";
import type { FeatureLike } from "ol/Feature.js";
import { defaults as interactionsOf } from "ol/interaction/defaults.js";
import LineString from "ol/geom/LineString.js";
import Point from "ol/geom/Point.js";
import TileLayer from "ol/layer/Tile.js";
import VectorLayer from "ol/layer/Vector.js";
import type Projection from "ol/proj/Projection.js";
import type TileImage from "ol/source/TileImage.js";
import VectorSource from "ol/source/Vector.js";
import Circle from "ol/style/Circle.js";
import Fill from "ol/style/Fill.js";
import Stroke from "ol/style/Stroke.js";
import Style from "ol/style/Style.js";
import type { Layer, Scene } from "./api.ts";
import * as api from "./api.ts";
import { byId } from "./dom.ts";
import * as numbers from "./numbers.ts";
import { extentOf, projectionOf, tilesOf, viewOf, type Picture } from "./picture.ts";

const HIGHLIGHT = "#ffffff";
const POINTER = "#ffe13c";
const FADED = 0.55; // of a mask's tiles, so that the picture shows through

/** Of areas of interest: white on dark, so that it is seen on any ground. */
const OUTLINE = [
  new Style({ stroke: new Stroke({ color: "rgba(20, 26, 24, 0.85)", width: 5 }) }),
  new Style({ stroke: new Stroke({ color: "#ffffff", width: 2.5 }) }),
];

/** Of the zone that is pointed at, besides its own colour. */
const CHOSEN = [
  new Style({ stroke: new Stroke({ color: "rgba(20, 26, 24, 0.9)", width: 8 }), zIndex: 1 }),
  new Style({ stroke: new Stroke({ color: HIGHLIGHT, width: 4.5 }), zIndex: 2 }),
];

type Shown = TileLayer<TileImage> | VectorLayer<VectorSource>;

export interface Shape {
  feature: Feature;
  topic: string;
  layer: string;
  pixels: number;
  area: number | null;
  distance: number | null;
}

export class SceneMap {
  readonly map: OlMap;
  readonly overlays = new globalThis.Map<string, Shown>();
  private scene: Scene | null = null;
  private area: VectorLayer<VectorSource> | null = null; // of interest
  private zoneStyle: ((zone: FeatureLike) => Style[]) | null = null;
  private opened: Scene | null = null; // as it is without the scale of an answer
  private base: TileLayer<TileImage> | null = null;
  private pointed: FeatureLike | null = null;
  private readonly tip = byId("tip");

  constructor(private readonly target: HTMLElement) {
    // By its own choice OpenLayers heeds wheel and drag only while the map has the focus.
    const interactions = interactionsOf({ onFocusOnly: false, altShiftDragRotate: false, pinchRotate: false });
    this.map = new OlMap({ target, controls: [], interactions, keyboardEventTarget: target });
    this.map.on("pointermove", (event) => {
      if (!event.dragging) this.point(event.pixel, event.originalEvent as PointerEvent);
    });
    this.map.on("click", (event) => this.point(event.pixel, event.originalEvent as PointerEvent));
    this.map.on("click", (event) => {
      if (!this.talks) return;
      const found = this.map.forEachFeatureAtPixel(event.pixel, (feature) => (feature.get("row") !== undefined ? feature : undefined));
      if (found) this.picked(found as Feature);
    });
    target.addEventListener("pointerleave", () => this.point(null));
    this.map.on("moveend", () => this.drawScaleBar());
    // On paper the map has another size, and has to be drawn in it before the page is printed.
    let onScreen: { center: number[]; resolution: number } | null = null;
    matchMedia("print").addEventListener("change", ({ matches }) => {
      const view = this.map.getView();
      if (matches) {
        const extent = view.calculateExtent(this.map.getSize());
        onScreen = { center: view.getCenter()!, resolution: view.getResolution()! };
        this.map.updateSize();
        view.fit(extent);
      } else if (onScreen) {
        this.map.updateSize();
        view.setCenter(onScreen.center);
        view.setResolution(onScreen.resolution);
      }
      this.map.renderSync();
    });
  }

  private telling = true;

  /** Whether hovering tells about shapes; off while something is measured or drawn. */
  get talks(): boolean {
    return this.telling;
  }

  set talks(on: boolean) {
    this.telling = on;
    if (!on) this.point(null);
  }

  /** Is told of a zone that was clicked. */
  picked: (zone: Feature) => void = () => undefined;

  /** The layer with the scene's own picture. */
  get picture(): TileLayer<TileImage> | null {
    return this.base;
  }

  show(scene: Scene): void {
    this.clearAnswer();
    this.scene = this.opened = scene;
    const projection = projectionOf(pictureOf(scene));
    if (this.base) this.map.removeLayer(this.base);
    this.base = new TileLayer({ source: this.sourceAs({ bands: "", stretch: "auto" }, projection) });
    this.map.getLayers().insertAt(0, this.base);
    this.map.setView(viewOf(pictureOf(scene), projection));
    this.fit();
  }

  /** Shows the scene in other bands, or stretched otherwise. */
  showAs(picture: api.Picture): void {
    this.base?.setSource(this.sourceAs(picture, this.map.getView().getProjection()));
  }

  /** Tiles that lie over the scene pixel by pixel. */
  sourceOf(url: (z: number, x: number, y: number) => string): TileImage {
    return this.tiles(url, this.map.getView().getProjection());
  }

  /** Places of the map as pixels of the scene, which may lie outside of it. */
  pixelsOf(coordinates: number[][]): number[][] {
    return coordinates.map(([x, y]) => [x!, -y!]);
  }

  /** Pixels of the scene; what lies outside is moved to its edge. */
  clamped(pixels: number[][]): number[][] {
    const { width, height } = this.scene as Scene;
    return pixels.map(([x, y]) => [Math.min(Math.max(x!, 0), width), Math.min(Math.max(y!, 0), height)]);
  }

  /** Outlines an area of interest, or zones; nothing where there is none. */
  showArea(collection: object | null): void {
    if (this.area) this.map.removeLayer(this.area);
    this.area = null;
    if (!collection) return;
    this.area = new VectorLayer({
      source: new VectorSource({ features: this.features(collection) }),
      style: OUTLINE,
      zIndex: 5,
    });
    this.map.addLayer(this.area);
  }

  /** Puts zones over the scene, each in its own style, and returns them. */
  showZones(collection: object, style: (zone: FeatureLike) => Style[]): Feature[] {
    const zones = this.features(collection);
    this.zoneStyle = style;
    for (const zone of zones) zone.set("layer", "zones");
    const layer = new VectorLayer({ source: new VectorSource({ features: zones }), style, declutter: true });
    this.overlays.set("zones", layer);
    this.map.addLayer(layer);
    return zones;
  }

  zoom(steps: number): void {
    this.map.getView().animate({
      zoom: (this.map.getView().getZoom() ?? 0) + steps,
      duration: reducedMotion() ? 0 : 200,
    });
  }

  /** The pixel of the scene under a place of the map, from its upper left corner; null where there is none. */
  pixelAt(coordinate: number[]): [number, number] | null {
    const [x, y] = [coordinate[0]!, -coordinate[1]!];
    const inside = this.scene && x >= 0 && y >= 0 && x < this.scene.width && y < this.scene.height;
    return inside ? [x, y] : null;
  }

  fit(): void {
    if (!this.scene) return;
    this.map.updateSize();
    this.map.getView().fit(extentOf(pictureOf(this.scene)), { padding: [60, 16, 16, 16] });
  }

  /** Takes the layers of an answer, and its scale, off the scene. */
  clearAnswer(): void {
    for (const layer of this.overlays.values()) this.map.removeLayer(layer);
    this.overlays.clear();
    this.point(null);
    this.scene = this.opened;
    this.drawScaleBar();
  }

  /** Puts an answer's layers over the scene, and returns its shapes; null where there are too many to draw. */
  showAnswer(answer: string, layers: Layer[], drawn: object | null): Shape[] {
    const projection = this.map.getView().getProjection();
    const shapes = drawn ? this.read(drawn) : [];
    const order = ["topic", "band", "part", "reference", "change", "counted"];
    const called = new globalThis.Map(layers.map((layer) => [layer.name, layer.one ?? layer.shown]));
    for (const { feature, layer } of shapes) feature.set("called", called.get(layer));
    for (const layer of [...layers].sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role))) {
      const shown = isMask(layer)
        ? new TileLayer({
            source: this.tiles((z, x, y) => api.layerTile(answer, layer.name, z, x, y), projection, false),
            opacity: FADED,
            visible: layer.role === "band",
          })
        : new VectorLayer({
            source: new VectorSource({
              features: shapes.filter((shape) => shape.layer === layer.name).map((shape) => shape.feature),
            }),
            style: layer.role === "part" ? border(layer.colour) : outline(layer.colour),
            opacity: 1,
          });
      if (layer.role === "band") shown.setOpacity(0.3);
      this.overlays.set(layer.name, shown);
      this.map.addLayer(shown);
    }
    return shapes;
  }

  /** Marks a place with a ring and an arrow from the centre of the scene, and has it in view. */
  pointAt(place: { x: number; y: number } | null): void {
    const scene = this.scene;
    if (!place || !scene) return;
    const at = [place.x, -place.y];
    const middle = [scene.width / 2, -scene.height / 2];
    const ring = new Style({
      image: new Circle({ radius: 16, stroke: new Stroke({ color: POINTER, width: 3 }) }),
      zIndex: 2,
    });
    const edge = new Style({
      image: new Circle({ radius: 16, stroke: new Stroke({ color: "rgba(0, 0, 0, 0.6)", width: 6 }) }),
      zIndex: 1,
    });
    const line = [
      new Style({ stroke: new Stroke({ color: "rgba(0, 0, 0, 0.6)", width: 4 }) }),
      new Style({ stroke: new Stroke({ color: POINTER, width: 2, lineDash: [8, 6] }) }),
    ];
    const point = new Feature(new Point(at));
    point.setStyle([edge, ring]);
    const from = new Feature(new LineString([middle, at]));
    from.setStyle(line);
    const shown = new VectorLayer({ source: new VectorSource({ features: [from, point] }) });
    this.overlays.set("place", shown);
    this.map.addLayer(shown);
  }

  /** Brings a shape or a zone into view and tells about it. */
  look({ feature }: { feature: Feature }): void {
    const extent = feature.getGeometry()?.getExtent();
    if (!extent) return;
    const view = this.map.getView();
    view.fit(extent, { padding: [80, 80, 80, 80], minResolution: 0.25, duration: reducedMotion() ? 0 : 250 });
    this.tell(feature);
  }

  /** Marks a feature and tells about it, wherever the pointer is. */
  tell(feature: Feature): void {
    this.mark(feature);
    this.tip.textContent = describe(feature);
    this.tip.hidden = false;
    this.tip.style.left = this.tip.style.top = ""; // where the style sheet says
    this.tip.classList.add("pinned");
  }

  get metres(): { dx: number; dy: number; area: number } | null {
    const scene = this.scene;
    if (!scene || scene.dx === null || scene.dy === null || scene.pixel_area === null) return null;
    return { dx: scene.dx, dy: scene.dy, area: scene.pixel_area };
  }

  /** The scale an answer was measured with, where the scene itself has none. */
  useScale(gsd: number | null): void {
    if (this.scene && this.scene.gsd === null && gsd !== null) {
      this.scene = { ...this.scene, gsd, dx: gsd, dy: gsd, pixel_area: gsd * gsd };
      this.drawScaleBar();
    }
  }

  private sourceAs(picture: api.Picture, projection: Projection): TileImage {
    const { id } = this.scene as Scene;
    return this.tiles((z, x, y) => api.sceneTile(id, picture, z, x, y), projection);
  }

  private tiles(
    url: (z: number, x: number, y: number) => string,
    projection: Projection,
    smooth = true,
  ): TileImage {
    return tilesOf(pictureOf(this.scene as Scene), projection, url, smooth);
  }

  /** Features of a collection in pixels, y downwards, on the map. */
  features(collection: object): Feature[] {
    const features = new GeoJSON().readFeatures(collection) as Feature[];
    for (const feature of features) feature.getGeometry()?.applyTransform(turned);
    return features;
  }

  private read(document: object): Shape[] {
    return this.features(document).map((feature) => {
      const about = feature.getProperties();
      return {
        feature,
        topic: String(about.topic),
        layer: String(about.layer),
        pixels: Number(about.area_pixels),
        area: about.area_m2 === undefined || about.area_m2 === null ? null : Number(about.area_m2),
        distance: about.distance_m === undefined || about.distance_m === null ? null : Number(about.distance_m),
      };
    });
  }

  private point(pixel: number[] | null, event?: PointerEvent): void {
    let found: FeatureLike | undefined;
    if (pixel && this.talks) {
      found = this.map.forEachFeatureAtPixel(pixel, (feature) => (feature.get("layer") ? feature : undefined), {
        hitTolerance: event?.pointerType === "touch" ? 8 : 2,
      });
    }
    this.mark(found ?? null);
    this.tip.classList.remove("pinned");
    this.tip.hidden = !found;
    if (!found || !pixel) return;
    this.tip.textContent = describe(found);
    const width = this.target.clientWidth;
    this.tip.style.left = `${Math.min(Math.max(pixel[0]!, 90), width - 90)}px`;
    this.tip.style.top = `${pixel[1]! - 14}px`;
  }

  private mark(found: FeatureLike | null): void {
    if (found === this.pointed) return;
    if (this.pointed) (this.pointed as Feature).setStyle(undefined);
    if (found) (found as Feature).setStyle(this.zoneStyle && found.get("zone") !== undefined ? [...this.zoneStyle(found), ...CHOSEN] : outline(HIGHLIGHT, 3));
    this.pointed = found;
  }

  private drawScaleBar(): void {
    const bar = byId("scale-bar");
    const resolution = this.map.getView().getResolution();
    const metres = this.metres;
    bar.hidden = !metres || !resolution;
    if (!metres || !resolution) return;
    const { pixels, text } = numbers.scaleBar(metres.dx * resolution, 130);
    bar.style.width = `${pixels}px`;
    byId("scale-length").textContent = text;
  }
}

/** The outline of a feature of the map, as GeoJSON in pixels of the scene. */
export function outlineOf(feature: Feature): object {
  const geometry = feature.getGeometry()!.clone();
  geometry.applyTransform(turned);
  return new GeoJSON().writeGeometryObject(geometry);
}

/** Coordinates with y the other way: downwards in pixels, upwards on the map. */
function turned(coordinates: number[], output?: number[], dimension = 2): number[] {
  const flipped = output ?? coordinates;
  for (let k = 1; k < flipped.length; k += dimension) flipped[k] = -flipped[k]!;
  return flipped;
}

const pictureOf = (scene: Scene): Picture => ({ ...scene, side: scene.tile_side });

export const isMask = (layer: Layer): boolean => layer.role === "topic" || layer.role === "band";

export const reducedMotion = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** What people call a shape: "building 3". */
export const nameOf = (feature: FeatureLike): string =>
  `${String(feature.get("called") ?? feature.get("topic"))} ${String(feature.get("id"))}`;

function describe(feature: FeatureLike): string {
  if (feature.get("zone") !== undefined) return `${String(feature.get("zone"))}: ${String(feature.get("said") ?? "no value")}`;
  const area = feature.get("area_m2") as number | null | undefined;
  const distance = feature.get("distance_m") as number | null | undefined;
  const size = area === null || area === undefined
    ? `${numbers.count(Number(feature.get("area_pixels")))} pixels`
    : numbers.area(area);
  const far = distance === null || distance === undefined ? "" : `, ${numbers.length(distance)} away`;
  return `${nameOf(feature)}: ${size}${far}`;
}

function outline(colour: string, width = 2): Style[] {
  return [...border(colour, width), new Style({ fill: new Fill({ color: `${colour}40` }) })];
}

/** Without a fill: what covers the whole picture would cloud it. */
function border(colour: string, width = 2): Style[] {
  return [
    new Style({ stroke: new Stroke({ color: "rgba(0, 0, 0, 0.45)", width: width + 1.5 }) }),
    new Style({ stroke: new Stroke({ color: colour, width }) }),
  ];
}
