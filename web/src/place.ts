// The page's address, and turns: an answer shows only where nothing else was wanted since it was asked for.

export type Kind = "scene" | "job" | "answer" | "";

export interface Turn {
  readonly isOn: boolean;
}

const KINDS = ["scene", "job", "answer"];

export function read(): [Kind, string] {
  const [kind = "", id = ""] = location.hash.slice(1).split("/");
  return KINDS.includes(kind) && id ? [kind as Kind, decodeURIComponent(id)] : ["", ""];
}

const address = (kind: Kind, id: string): string => (kind ? `#${kind}/${encodeURIComponent(id)}` : location.pathname);

export const push = (kind: Kind, id: string): void => history.pushState(null, "", address(kind, id));

export const replace = (kind: Kind, id: string): void => history.replaceState(null, "", address(kind, id));

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
