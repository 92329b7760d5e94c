// The tiles on the screen: fetched when they come into view, drawn on one canvas each, and forgotten
// when they leave. Only what the frame shows is ever asked for.
import { distanceToLine, readTile } from "./reading.js";

export const SIZE = 512; // pixels: a tile of zoom z is shown at the map's zoom z + 1
const PANE = "tiled";
const CROWDED = 150; // above so many in one tile, the pictures of the whole map are small

/**
 * @param {object} options `url`: template with {z}, {x}, {y}; `symbols`; `changed()` called when
 *   what is shown changes; `failed()` when a tile doesn't come.
 */
export function makeTileLayer(L, map, { url, symbols, changed, failed }) {
  // Over the boundaries and their names, under the buttons. A base map's own pane is under both.
  map.createPane(PANE).classList.add("map-tiled");
  const Layer = L.GridLayer.extend({
    options: { pane: PANE, tileSize: SIZE, keepBuffer: 0, noWrap: true, updateWhenIdle: true, updateWhenZooming: false },

    createTile(coords, done) {
      const ratio = symbols.ratio;
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = SIZE * ratio;
      canvas.setAttribute("aria-hidden", "true");
      const tile = { coords, canvas, read: null, stop: new AbortController() };
      this.held.set(this.nameOf(coords), tile);
      this.load(tile).then(
        () => done(null, canvas),
        (error) => {
          if (error.name !== "AbortError") failed(error);
          done(error, canvas);
        },
      );
      return canvas;
    },

    async load(tile) {
      const { x, y, z } = tile.coords;
      if (z < 1) {
        tile.read = readTile(new ArrayBuffer(0), SIZE);
        return;
      }
      const address = L.Util.template(url, { x, y, z: z - 1 });
      const response = await fetch(address, { signal: tile.stop.signal });
      if (!response.ok) throw new Error(`${address}: ${response.status}`);
      tile.read = readTile(await response.arrayBuffer(), SIZE);
      const crowded = this.current().some((each) => each.read.points.length > CROWDED);
      // One size for the whole map: neighbours must look alike.
      if (crowded === this.crowded) this.draw(tile);
      else {
        this.crowded = crowded;
        this.redrawAll();
      }
      changed();
    },

    draw(tile) {
      const pen = tile.canvas.getContext("2d");
      pen.setTransform(symbols.ratio, 0, 0, symbols.ratio, 0, 0);
      pen.clearRect(0, 0, SIZE, SIZE);
      const { shapes, points } = tile.read;
      // Areas first: a line or a point inside one must be seen.
      for (const shape of shapes) if (shape.kind === "area") symbols.drawShape(pen, shape);
      for (const shape of shapes) if (shape.kind === "line") symbols.drawShape(pen, shape);
      for (const point of points) {
        const picture = symbols.picture(point.properties.category ?? "", !this.crowded);
        const reach = picture.reach;
        pen.drawImage(picture, point.x - reach, point.y - reach, 2 * reach, 2 * reach);
      }
    },

    redrawAll() {
      for (const tile of this.held.values()) if (tile.read) this.draw(tile);
    },

    nameOf: ({ x, y, z }) => `${z}/${x}/${y}`,

    /** Tiles of the zoom that is shown, read. */
    current() {
      return [...this.held.values()].filter((tile) => tile.read && tile.coords.z === this._tileZoom);
    },

    /** Where a pixel of a tile is on Earth. */
    placeOf(tile, x, y) {
      return this._map.unproject([tile.coords.x * SIZE + x, tile.coords.y * SIZE + y], tile.coords.z);
    },

    /** Points that belong to the tile itself, not to its margin: each is in one tile only. */
    own: (each) => each.x >= 0 && each.y >= 0 && each.x < SIZE && each.y < SIZE,

    /** The singles near a place of the frame, nearest first; an area or a line when none is. */
    near(latlng, reach) {
      const found = new Map();
      const keep = (feature, tile, distance) => {
        const known = found.get(feature.id);
        if (!known || distance < known.distance) found.set(feature.id, { feature, tile, distance });
      };
      for (const tile of this.current()) {
        const at = this._map.project(latlng, tile.coords.z);
        const x = at.x - tile.coords.x * SIZE;
        const y = at.y - tile.coords.y * SIZE;
        if (x < -reach || y < -reach || x > SIZE + reach || y > SIZE + reach) continue;
        for (const point of tile.read.points) {
          const distance = Math.hypot(point.x - x, point.y - y);
          if (distance <= reach) keep(point, tile, distance);
        }
        if (found.size) continue;
        const pen = tile.canvas.getContext("2d");
        for (const shape of tile.read.shapes) {
          const distance = Math.sqrt(Math.min(...shape.rings.map((ring) => distanceToLine(ring, x, y))));
          if (distance <= reach / 2) keep(shape, tile, distance + reach);
          else if (shape.kind === "area") {
            const ratio = symbols.ratio;
            // The context's own scale applies to the path, not to the place asked about.
            if (pen.isPointInPath(shape.path, x * ratio, y * ratio, "evenodd")) keep(shape, tile, 2 * reach);
          }
        }
      }
      return [...found.values()].sort((a, b) => a.distance - b.distance);
    },
  });
  const layer = new Layer();
  layer.held = new Map();
  layer.crowded = false;
  layer.on("tileunload", ({ coords }) => {
    const name = layer.nameOf(coords);
    layer.held.get(name)?.stop.abort();
    layer.held.delete(name);
    changed();
  });
  layer.setUrl = (address) => {
    url = address;
    layer.redraw();
  };
  return layer;
}
