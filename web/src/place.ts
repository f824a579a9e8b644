// The page's address, and turns: an answer shows only where nothing else was wanted since it was asked for.
// Behind a scene or a job stands what of it is measured: #scene/ID?area=…&zones=…&before=…

import type { Part } from "./api.ts";

export type Kind = "scene" | "job" | "answer" | "";

export interface Turn {
  readonly isOn: boolean;
}

const KINDS = ["scene", "job", "answer"];

export const WHOLE: Part = { area: null, zones: null, zone_name: null, border: "centre", before: null };

/** Takes an address that was shared, /share/answer/ID, as the page's own. */
export function takeShared(): void {
  const [, share, kind = "", id = ""] = location.pathname.split("/");
  if (share === "share") history.replaceState(null, "", KINDS.includes(kind) && id ? `/#${kind}/${id}` : "/");
}

/** The address of an answer that tells others what it is before they open it. */
export const shared = (answer: string): string => `${location.origin}/share/answer/${encodeURIComponent(answer)}`;

export function read(): [Kind, string, Part] {
  const [path = "", ...more] = location.hash.slice(1).split("?");
  const [kind = "", id = ""] = path.split("/");
  const given = new URLSearchParams(more.join("?"));
  const part: Part = {
    area: given.get("area"),
    zones: given.get("zones"),
    zone_name: given.get("zone_name"),
    border: given.get("border") === "exact" ? "exact" : "centre",
    before: given.get("before"),
  };
  return KINDS.includes(kind) && id ? [kind as Kind, decodeURIComponent(id), part] : ["", "", WHOLE];
}

function address(kind: Kind, id: string, part: Part): string {
  if (!kind) return location.pathname;
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(part) as [string, string | null][]) {
    if (value !== null && value !== "" && value !== "centre") given.set(name, value);
  }
  const said = String(given);
  return `#${kind}/${encodeURIComponent(id)}${said ? `?${said}` : ""}`;
}

export const push = (kind: Kind, id: string, part: Part = WHOLE): void =>
  history.pushState(null, "", address(kind, id, part));

export const replace = (kind: Kind, id: string, part: Part = WHOLE): void =>
  history.replaceState(null, "", address(kind, id, part));

let last = 0;

/** Begins a turn, which ends all earlier ones. */
export function turn(): Turn {
  const mine = ++last;
  return {
    get isOn() {
      return mine === last;
    },
  };
}
