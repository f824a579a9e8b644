// What a person set under "Options", kept as long as the tab: a reload forgets none of it.

export interface Kept {
  gsd: Record<string, string>; // metres per pixel that a person gave, by scene
  adjust: boolean;
  coder: string;
}

const KEY = "options";
const NOTHING: Kept = { gsd: {}, adjust: false, coder: "" };

export function read(): Kept {
  try {
    return { ...NOTHING, ...(JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Partial<Kept>) };
  } catch {
    return NOTHING; // a browser that keeps nothing for pages
  }
}

export function keep(options: Kept): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify(options));
  } catch {
    // likewise
  }
}
