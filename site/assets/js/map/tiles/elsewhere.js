// Vector tiles of another site, drawn in one look: whatever their layers are called, all is outlined.
import { VectorTile } from "@mapbox/vector-tile";
import { PbfReader } from "pbf";

const SIZE = 512; // pixels: a tile of zoom z is shown at the map's zoom z + 1, as our own
const DOT = 3.5;
const EMPTY = new Set([204, 404]); // how services say that they have nothing there

/**
 * @param {object} options `url`: template with {z}, {x}, {y}; `deepest`: the last zoom that is asked,
 *   drawn larger beyond; `look`: `{tone, pattern, dashed}`; `failed()` once, when a tile doesn't come.
 */
export function makeVectorLayer(L, { url, attribution, pane, deepest, look, symbols, failed }) {
  const Layer = L.GridLayer.extend({
    options: { pane, attribution, tileSize: SIZE, keepBuffer: 0, noWrap: true, updateWhenIdle: true, updateWhenZooming: false },

    createTile(coords, done) {
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = SIZE * symbols.ratio;
      canvas.setAttribute("aria-hidden", "true");
      const square = squareOf(coords);
      this.read(square).then(
        (tile) => {
          this.held.set(canvas, { tile, square });
          this.draw(canvas);
          done(null, canvas);
        },
        (error) => {
          if (!this.hasFailed) failed();
          this.hasFailed = true;
          done(error, canvas);
        },
      );
      return canvas;
    },

    /** The tile's bytes, asked once however many squares of the screen it fills. */
    read({ z, x, y }) {
      const address = L.Util.template(url, { z, x, y });
      if (!this.asked.has(address)) {
        const asked = fetched(address);
        asked.catch(() => this.asked.delete(address));
        this.asked.set(address, asked);
        if (this.asked.size > 60) this.asked.delete(this.asked.keys().next().value);
      }
      return this.asked.get(address);
    },

    draw(canvas) {
      const { tile, square } = this.held.get(canvas);
      const pen = canvas.getContext("2d");
      pen.setTransform(symbols.ratio, 0, 0, symbols.ratio, 0, 0);
      pen.clearRect(0, 0, SIZE, SIZE);
      if (tile) drawTile(pen, tile, square, look, symbols);
    },

    redrawAll() {
      for (const canvas of this.held.keys()) this.draw(canvas);
    },
  });

  /** The tile that covers a square of the screen, and which part of it: `parts` across, from (left, top). */
  function squareOf({ x, y, z }) {
    const wanted = Math.max(z - 1, 0);
    const asked = Math.min(wanted, deepest);
    const parts = 2 ** (wanted - asked);
    return { z: asked, x: Math.floor(x / parts), y: Math.floor(y / parts), parts, left: x % parts, top: y % parts };
  }

  const layer = new Layer();
  layer.asked = new Map();
  layer.held = new Map();
  layer.on("tileunload", ({ tile }) => layer.held.delete(tile));
  symbols.followers.add(layer);
  return layer;
}

/** The other site learns the site's name, as for a picture; nothing of who reads. */
async function fetched(address) {
  const response = await fetch(address, { credentials: "omit", referrerPolicy: "strict-origin-when-cross-origin" });
  if (EMPTY.has(response.status)) return null;
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  return bytes.length ? new VectorTile(new PbfReader(bytes)) : null;
}

function drawTile(pen, tile, { parts, left, top }, look, symbols) {
  const { tone, halo } = symbols.colour(look.tone);
  const hatching = symbols.hatching(look, pen);
  pen.lineJoin = pen.lineCap = "round";
  for (const layer of Object.values(tile.layers)) {
    const scale = (SIZE * parts) / layer.extent;
    const place = ({ x, y }) => [x * scale - left * SIZE, y * scale - top * SIZE];
    for (let each = 0; each < layer.length; each += 1) {
      const feature = layer.feature(each);
      const rings = feature.loadGeometry();
      if (feature.type === 1) {
        for (const [point] of rings) dot(pen, place(point), tone, halo);
        continue;
      }
      const area = feature.type === 3;
      const path = pathOf(rings, place, area);
      if (area && look.pattern !== "empty") {
        pen.globalAlpha = hatching ? 0.75 : 0.12;
        pen.fillStyle = hatching ?? tone;
        pen.fill(path, "evenodd");
        pen.globalAlpha = 1;
      }
      pen.strokeStyle = tone;
      pen.lineWidth = 1.5;
      pen.setLineDash(look.dashed ? [2, 4] : []);
      pen.stroke(path);
    }
  }
  pen.setLineDash([]);
}

function pathOf(rings, place, closed) {
  const path = new Path2D();
  for (const ring of rings) {
    ring.forEach((point, rank) => (rank ? path.lineTo(...place(point)) : path.moveTo(...place(point))));
    if (closed) path.closePath();
  }
  return path;
}

function dot(pen, [x, y], tone, halo) {
  pen.beginPath();
  pen.arc(x, y, DOT, 0, 7);
  pen.fillStyle = tone;
  pen.fill();
  pen.strokeStyle = halo;
  pen.lineWidth = 1;
  pen.stroke();
}
