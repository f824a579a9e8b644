// A picture of the server as tiles in its own pixels: what every page shows images with.
// OpenLayers' y goes up, so that the pixel (x, y) of a picture lies at [x, -y].

import View from "ol/View.js";
import { getCenter } from "ol/extent.js";
import Projection from "ol/proj/Projection.js";
import TileImage from "ol/source/TileImage.js";
import TileGrid from "ol/tilegrid/TileGrid.js";

export interface Picture {
  id: string;
  width: number;
  height: number;
  levels: number; // halvings, of which the last fits into one tile
  side: number; // of a tile, in pixels
}

/** Metres that a pixel spans across and down. */
export interface Scale {
  dx: number;
  dy: number;
}

export const extentOf = (picture: Picture): number[] => [0, -picture.height, picture.width, 0];

export const projectionOf = (picture: Picture): Projection =>
  new Projection({ code: `picture-${picture.id}`, units: "pixels", extent: extentOf(picture) });

/** Tiles of a picture, or of something that lies over it pixel by pixel; z is 0 for the coarsest. */
export function tilesOf(
  picture: Picture,
  projection: Projection,
  url: (z: number, x: number, y: number) => string,
  smooth = true,
): TileImage {
  return new TileImage({
    projection,
    interpolate: smooth,
    transition: 0,
    tileGrid: new TileGrid({
      extent: extentOf(picture),
      origin: [0, 0],
      resolutions: Array.from({ length: picture.levels + 1 }, (_, z) => 2 ** (picture.levels - z)),
      tileSize: picture.side,
    }),
    tileUrlFunction: ([z, x, y]) => url(z!, x!, y!),
  });
}

/** A view that can go a little beyond the picture, but not lose it. */
export function viewOf(picture: Picture, projection: Projection, margin = 0.5): View {
  const { width, height } = picture;
  return new View({
    projection,
    center: getCenter(extentOf(picture)),
    maxResolution: 2 ** (picture.levels + 2),
    minResolution: 1 / 40,
    extent: [-margin * width, -(1 + margin) * height, (1 + margin) * width, margin * height],
    constrainOnlyCenter: true,
    showFullExtent: true,
  });
}

/** The length of a line through pixels, in the unit of the scale. */
export function lengthOf(points: number[][], { dx, dy }: Scale): number {
  return points.slice(1).reduce((sum, point, k) => {
    const before = points[k]!;
    return sum + Math.hypot((point[0]! - before[0]!) * dx, (point[1]! - before[1]!) * dy);
  }, 0);
}
