// Lengths and areas as people write them.

const plain = new Intl.NumberFormat("en", { maximumSignificantDigits: 4 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

export const figure = (value: number): string => plain.format(value);

export const count = (value: number): string => whole.format(value);

export const bytes = (value: number): string =>
  value >= 1e6 ? `${plain.format(Math.round(value / 1e5) / 10)} MB` : `${whole.format(Math.ceil(value / 1000))} kB`;

export function length(metres: number): string {
  return metres >= 10_000 ? `${plain.format(metres / 1000)} km` : `${plain.format(metres)} m`;
}

export function area(squareMetres: number): string {
  if (squareMetres >= 1e7) return `${plain.format(squareMetres / 1e6)} km²`;
  if (squareMetres >= 10_000) return `${plain.format(squareMetres / 10_000)} ha`;
  return `${plain.format(squareMetres)} m²`;
}

/** The largest 1, 2 or 5 times a power of ten that is not above a length. */
export function roundLength(metres: number): number {
  const power = 10 ** Math.floor(Math.log10(metres));
  return Math.max(...[1, 2, 5].map((step) => step * power).filter((step) => step <= metres * (1 + 1e-12)));
}

/** A scale bar of a round length: how wide, at most so many pixels, and what stands on it. */
export function scaleBar(metresPerPixel: number, most: number): { pixels: number; text: string } {
  const metres = roundLength(metresPerPixel * most);
  return { pixels: metres / metresPerPixel, text: length(metres) };
}

const SOURCES: Record<string, string> = {
  transform: "from the file's grid",
  geodesic: "from the file's coordinates",
  user: "as you gave it",
  question: "as the question says",
  program: "as the program says",
};

export function scale(gsd: number | null, source: string | null): string {
  if (gsd === null) return "No scale is known: lengths and areas need metres per pixel.";
  return `${plain.format(gsd)} m per pixel, ${SOURCES[source ?? ""] ?? source ?? ""}`;
}
