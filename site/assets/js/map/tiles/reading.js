// A vector tile's bytes as plain lists, in pixels from the tile's corner.
import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";

/**
 * @returns {{points, shapes, clusters}} `points`: `{id, x, y, properties}`; `shapes`: `{id, kind,
 *   path, rings, properties}` where `kind` is "line" or "area"; `clusters`: `{x, y, count}`.
 */
export function readTile(buffer, size) {
  const read = { points: [], shapes: [], clusters: [] };
  if (!buffer.byteLength) return read;
  const layers = new VectorTile(new PbfReader(new Uint8Array(buffer))).layers;
  each(layers.points, (feature, scale) => {
    const [[place]] = feature.loadGeometry();
    read.points.push({
      id: String(feature.id),
      x: place.x * scale,
      y: place.y * scale,
      properties: feature.properties,
    });
  }, size);
  each(layers.clusters, (feature, scale) => {
    const [[place]] = feature.loadGeometry();
    read.clusters.push({
      x: place.x * scale,
      y: place.y * scale,
      count: Number(feature.properties.count),
    });
  }, size);
  each(layers.shapes, (feature, scale) => {
    const kind = feature.type === 3 ? "area" : "line";
    const rings = feature.loadGeometry().map((ring) => ring.map(({ x, y }) => [x * scale, y * scale]));
    read.shapes.push({
      id: String(feature.id),
      kind,
      rings,
      path: pathOf(rings, kind === "area"),
      properties: feature.properties,
    });
  }, size);
  return read;
}

function each(layer, act, size) {
  if (!layer) return;
  for (let place = 0; place < layer.length; place += 1) act(layer.feature(place), size / layer.extent);
}

function pathOf(rings, closed) {
  const path = new Path2D();
  for (const ring of rings) {
    ring.forEach(([x, y], place) => (place ? path.lineTo(x, y) : path.moveTo(x, y)));
    if (closed) path.closePath();
  }
  return path;
}

/** Squared distance, in pixels, from a place to a line drawn through `ring`. */
export function distanceToLine(ring, x, y) {
  let best = Infinity;
  for (let i = 1; i < ring.length; i += 1) {
    const [ax, ay] = ring[i - 1];
    const [bx, by] = ring[i];
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const along = length ? Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length)) : 0;
    best = Math.min(best, (ax + along * (bx - ax) - x) ** 2 + (ay + along * (by - ay) - y) ** 2);
  }
  return best;
}
