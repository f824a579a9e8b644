// Talking to the server. The page's own address holds the secret, and everything lies below it.

const base = location.pathname.replace(/\/+$/, "");

/** The address of something below this page. */
export const address = (path: string): string => `${base}/${path}`;

/** The server could not be reached: what was marked is still here, and can be sent again. */
export class Offline extends Error {}

/** What was asked for is no longer as this page knows it: the page must be loaded again. */
export class Changed extends Error {}

/** Send a request; its JSON, or an Error whose message is a sentence for people. */
export async function call<T>(method: string, path: string, body?: unknown, keepalive = false): Promise<T> {
  const options: RequestInit = { method, keepalive };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers = { "Content-Type": "application/json" };
  }
  let reply: Response;
  try {
    reply = await fetch(address(path), options);
  } catch {
    throw new Offline("The server cannot be reached. What you marked stays here; try again in a moment.");
  }
  const said = (await reply.json().catch(() => ({}))) as T & { error?: string };
  if (!reply.ok) throw new (reply.status === 409 ? Changed : Error)(said.error || `The server answered with status ${reply.status}.`);
  return said;
}

export interface ImageAbout {
  address: string;
  width: number;
  height: number;
  levels: number;
  scale: { gsd: number; dx: number; dy: number } | null;
}

export interface Question {
  address: string; // where the server has it, wherever in the project that is
  question: string;
  topic: string | null;
  tool: "grid" | "points" | "ruler" | "choice" | "number";
  unit: string | null;
  image: number;
  state: "open" | "answered" | "skipped";
  problem: string | null;
  distance_m: number | null;
  categories: string[];
}

export interface Project {
  title: string;
  annotator: string;
  reading: boolean;
  tile: number;
  grids: number[];
  images: ImageAbout[];
  questions: Question[];
}

/** What the server says of a grid: how many cells a side, which show nothing, and their ground. */
export interface GridAbout {
  n: number;
  nothing: Run[];
  row_hectares: number[] | null;
  each_hectares: number[] | null;
  alike: boolean;
}

/** Cells in a row: the first, and how many. */
export type Run = [number, number];
export type Place = [number, number];
export type Line = [Place, Place];

/** Marks, as the server keeps them. */
export interface Work {
  grid?: number;
  cells?: Run[];
  points?: Place[];
  line?: Line;
  rulers?: Line[];
  choice?: string;
  number?: number;
}

export interface Own {
  work: Work;
  note: string;
  seconds: number;
  unsaved: boolean;
  state: Question["state"];
}
