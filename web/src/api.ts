// The server's API as functions; the types are those of /v1/openapi.json.

export interface ErrorReply {
  error: string;
  kind: string;
  exit_code: number;
  exit_name: string;
  suggestions?: string[];
}

export interface SceneEntry {
  id: string;
  name: string;
  origin: "folder" | "upload";
  added: string | null; // of an upload: when it came, as ISO 8601
}

export interface Legend {
  name: string;
  entries: { topic: string; shown: string; values: number[]; colours: string[] }[];
}

/** What a label raster holds by a legend. */
export interface Labels {
  width: number;
  height: number;
  topics: (Legend["entries"][number] & { share: number })[];
  unnamed: number;
  unnamed_values: number[];
}

export interface Scene extends SceneEntry {
  width: number;
  height: number;
  bands: number;
  crs: string | null;
  transform: number[] | null;
  north: number | null; // degrees clockwise from up
  dtype: string;
  display: number[];
  palette: boolean;
  gsd: number | null;
  dx: number | null;
  dy: number | null;
  pixel_area: number | null;
  scale_source: string | null;
  warnings: string[];
  topics: string[];
  segmenters: { name: string; shown: string }[];
  examples: string[];
  tile_side: number;
  levels: number;
}

export interface Job {
  id: string;
  kind: "ask" | "run" | "";
  title: string;
  scene: string;
  state: "queued" | "running" | "answered" | "done" | "failed";
  step: string;
  done: number | null;
  total: number | null;
  answer: Known | null; // before its evidence is written
  created: string; // ISO 8601
  error: ErrorReply | null;
}

export interface Call {
  function: string;
  arguments: string;
  result: string;
  seconds: number;
}

export type Cell = number | string | null;

export interface Column {
  name: string;
  unit: string | null;
  kind: "count" | "number" | "text" | "yes/no";
}

export interface Place {
  words: string;
  what: string;
  x: number;
  y: number;
  longitude: number | null;
  latitude: number | null;
  area_hectares: number | null;
  area_pixels: number | null;
  distance_meters: number | null;
}

/** What is known of an answer before its evidence is written. */
export interface Known extends Omit<Answer, "trace"> {
  text: string;
  cautions: string[]; // the warnings in the page's words
}

export interface Answer {
  answer: number | string | Record<string, Cell>[] | Place;
  columns?: Column[];
  type: string;
  unit: string | null;
  question: string;
  reading: string;
  program: string;
  stdout: string;
  gsd: number | null;
  scale_source: string | null;
  segmenter: string;
  coder: string;
  warnings: string[];
  timings: Record<string, number>;
  adjusted?: Adjusted | null; // where that was asked, and can be
  trace: Call[];
}

/** An area or share corrected by the errors that a model's masks had where the truth is known. */
export interface Adjusted {
  value: number;
  low: number; // of the 95 % interval
  high: number;
  unit: string;
}

export interface Layer {
  name: string;
  shown: string;
  one?: string; // of what is counted: what one of them is called
  colour: string;
  role: "topic" | "band" | "counted" | "change" | "reference" | "part" | "zones";
  count: number | null;
  change?: string | null; // of two dates: lost, gained, kept, new, gone, …
  classes?: { colour: string; label: string }[]; // of zones: what the colours mean
}

/** Values of zones that have one colour: a word, or numbers above one and up to another. */
export interface ZoneClass {
  colour: string;
  label: string;
  word: string | null;
  above: number | null;
  upto: number | null;
}

/** What of a scene is measured, as requests say it. */
export interface Part {
  area: string | null; // a box or WKT, or layer:ID
  zones: string | null; // id of a layer
  zone_name: string | null;
  border: "centre" | "exact";
  before: string | null; // id of the earlier scene
}

/** What was asked, as its answer keeps it. */
export interface Asked extends Part {
  kind: "ask" | "run";
  area_name: string | null;
  area_hectares?: number | null;
  zones_name: string | null;
  before_name: string | null;
  corrections?: number; // how many; an answer of an older server does not say
  adjust_area?: boolean; // likewise
  gsd: number | null;
  segmenter: string | null;
  coder: string;
  asked: number; // seconds since 1970
}

/** What a person changed in a mask: GeoJSON in pixels of the scene. */
export interface Correction {
  type: "Feature";
  properties: { topic: string; action: "add" | "remove" };
  geometry: object;
}

/** An area of interest, laid on its scene. */
export interface Laid {
  name: string;
  pixels: number;
  hectares: number | null;
  notes: string[];
  outline: object;
}

export interface PolygonLayer {
  id: string;
  name: string;
  origin: "map" | "upload";
  features: number;
  fields: { name: string; samples: string[]; different: number }[];
  likely: string | null;
  zones: boolean;
}

export interface HistoryEntry {
  id: string;
  asked: string; // ISO 8601
  question: string;
  text: string;
  value: number | string | null;
  unit: string | null;
  type: string;
  reading: string;
  order: Asked;
}

export interface View {
  kind: string;
  of: string | null;
  scene: string;
  scene_name: string;
  text: string;
  cautions?: string[]; // an answer of an older server has none
  layers: Layer[];
  shapes_drawn: boolean;
  outlined?: boolean;
  zone_classes?: Record<string, ZoneClass[]>; // by column; an answer of an older server has none
  correctable?: { topic: string; shown: string }[]; // topics whose masks a person may correct
  asked?: Asked | null; // an answer of an older server has none
  distance_m: number | null;
  beyond: boolean;
}

export interface Options {
  version: string;
  segmenters: string[];
  coders: string[];
  upload_bytes: number;
  pixels: number;
  question_characters: number;
}

/** How a picture is shown; empty for its usual bands. */
export interface Picture {
  bands: string;
  stretch: string;
}

export interface At {
  longitude: number | null;
  latitude: number | null;
  values: (number | null)[];
}

export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly reply: ErrorReply,
  ) {
    super(reply.error);
  }
}

async function asked<T>(path: string, init?: RequestInit): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...init });
  } catch {
    throw new Error("The server cannot be reached; check that it is running.");
  }
  if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
  let reply: ErrorReply;
  try {
    reply = (await response.json()) as ErrorReply;
  } catch {
    reply = { error: `The server answered with status ${response.status}; try again.`, kind: "", exit_code: 5, exit_name: "program" };
  }
  throw new Refusal(response.status, reply);
}

const post = (body: unknown): RequestInit => ({
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(body),
});

const id = encodeURIComponent;

export const options = () => asked<Options>("/v1/options");
/** All scenes, page by page. */
export async function scenes(): Promise<SceneEntry[]> {
  const found: SceneEntry[] = [];
  let next: string | null = "";
  while (next !== null) {
    const page: { scenes: SceneEntry[]; next: string | null } = await asked(`/v1/scenes?limit=1000&cursor=${id(next)}`);
    found.push(...page.scenes);
    next = page.next;
  }
  return found;
}
export const scene = (name: string) => asked<Scene>(`/v1/scenes/${id(name)}`);
export const legends = async () => (await asked<{ legends: Legend[] }>("/v1/legends")).legends;
export const lookAtLabels = (form: FormData) => asked<Labels>("/v1/labels", { method: "POST", body: form });
export const removeScene = (name: string) => asked<void>(`/v1/scenes/${id(name)}`, { method: "DELETE" });
export const renameScene = (name: string, to: string) =>
  asked<Scene>(`/v1/scenes/${id(name)}`, { ...post({ name: to }), method: "PATCH" });

export const layers = async (scene: string) =>
  (await asked<{ layers: PolygonLayer[] }>(`/v1/scenes/${id(scene)}/layers`)).layers;
export function addLayer(scene: string, file: File): Promise<PolygonLayer> {
  const form = new FormData();
  form.set("scene", scene);
  form.set("file", file);
  return asked<PolygonLayer>("/v1/layers", { method: "POST", body: form });
}
export const layArea = (scene: string, area: string, gsd: number | null) =>
  asked<Laid>(`/v1/scenes/${id(scene)}/area`, post({ area, gsd }));
export const zoneOutlines = (scene: string, layer: string, name: string | null) =>
  asked<object>(
    `/v1/scenes/${id(scene)}/layers/${id(layer)}/outlines.geojson${name ? `?${String(new URLSearchParams({ name }))}` : ""}`,
  );
export const answerOutlines = (name: string) => asked<object>(`/v1/answers/${id(name)}/outlines.geojson`);
export const corrections = async (name: string) =>
  (await asked<{ features: Correction[] }>(`/v1/answers/${id(name)}/corrections-pixels.geojson`)).features;
export const earlierTile = (scene: string, earlier: string, z: number, x: number, y: number) =>
  `/v1/scenes/${id(scene)}/before/${id(earlier)}/tiles/${z}/${x}/${y}.png`;
export const history = (scene: string) =>
  asked<{ total: number; history: HistoryEntry[] }>(`/v1/scenes/${id(scene)}/history`);
export const historyTable = (scene: string) => `/v1/scenes/${id(scene)}/history.csv`;

/** Sends a scene, and tells how many bytes of it are sent. */
export function addScene(form: FormData, told: (sent: number, total: number) => void): Promise<Scene> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest(); // fetch does not tell
    request.open("POST", "/v1/scenes");
    request.responseType = "json";
    request.upload.onprogress = ({ loaded, total }) => told(loaded, total);
    request.onerror = () => reject(new Error("The server cannot be reached; check that it is running."));
    request.onload = () => {
      if (request.status < 300) return resolve(request.response as Scene);
      const reply = request.response as ErrorReply | null;
      reject(reply ? new Refusal(request.status, reply) : new Error(`The server answered with status ${request.status}; try again.`));
    };
    request.send(form);
  });
}

export const giveToken = (token: string) => asked<void>("/v1/session", post({ token }));
export const ask = (order: object) => asked<Job>("/v1/ask", post(order));
export const run = (order: object) => asked<Job>("/v1/run", post(order));
export const job = (name: string) => asked<Job>(`/v1/jobs/${id(name)}`);
export const answer = (name: string) => asked<Answer>(`/v1/answers/${id(name)}`);
export const view = (name: string) => asked<View>(`/v1/answers/${id(name)}/view`);
export const shapes = (name: string) => asked<object>(`/v1/answers/${id(name)}/pixels.geojson`);

export const cancel = (name: string) => asked<Job>(`/v1/jobs/${id(name)}`, { method: "DELETE" });
export const at = (name: string, x: number, y: number) => asked<At>(`/v1/scenes/${id(name)}/at?x=${x}&y=${y}`);

export const sceneTile = (name: string, { bands, stretch }: Picture, z: number, x: number, y: number) => {
  const shown = bands || stretch !== "auto" ? `?${String(new URLSearchParams({ bands, stretch }))}` : "";
  return `/v1/scenes/${id(name)}/tiles/${z}/${x}/${y}.png${shown}`;
};
export const layerTile = (name: string, layer: string, z: number, x: number, y: number) =>
  `/v1/answers/${id(name)}/tiles/${id(layer)}/${z}/${x}/${y}.png`;
export const file = (name: string, path: string) => `/v1/answers/${id(name)}/${path}`;

/** Follows a job until it is over, by events, or by asking where events do not get through. */
export function follow(job: Job, changed: (job: Job) => void): Promise<Job> {
  return new Promise((resolve, reject) => {
    const events = new EventSource(`/v1/jobs/${id(job.id)}/events`);
    const told = (event: MessageEvent<string>): void => {
      const state = JSON.parse(event.data) as Job;
      changed(state);
      if (state.state === "done" || state.state === "failed") {
        events.close();
        resolve(state);
      }
    };
    for (const name of ["progress", "done", "failed"]) events.addEventListener(name, told as EventListener);
    events.onerror = () => {
      events.close();
      const again = async (): Promise<void> => {
        const state = await asked<Job>(`/v1/jobs/${id(job.id)}`);
        changed(state);
        if (state.state === "done" || state.state === "failed") resolve(state);
        else setTimeout(() => again().catch(reject), 1000);
      };
      again().catch(reject);
    };
  });
}

const CODERS: Record<string, string> = {
  rewriter: "the built-in coder, with the rewriter",
  builtin: "the built-in coder",
};

/** A coder as people call it. */
export const coderName = (coder: string): string => CODERS[coder] ?? coder;
