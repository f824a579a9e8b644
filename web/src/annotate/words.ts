// How the organiser's pages write figures.

export const figure = (value: number | null | undefined, digits = 3): string =>
  value === null || value === undefined ? "–" : value.toFixed(digits);

/** An answer with its unit. */
export function worded(value: number | string | null | undefined, unit: string | null): string {
  if (value === null || value === undefined) return "–";
  const number = typeof value === "string" || Number.isInteger(value) ? String(value) : value.toFixed(2);
  return unit && unit !== "count" ? `${number} ${unit}` : number;
}
