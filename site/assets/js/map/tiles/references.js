// Layers that one may lay under the data: shown when their box is ticked, fetched then only.
import { Fills, MARKS, filled, line } from "../fills.js";
import { fetchJson } from "../leaflet.js";
import { makeVectorLayer } from "./elsewhere.js";

const PANE = "references";
const LOOK = "map-reference";
// As the patterns of layers are named.
Object.assign(MARKS, {
  hatched: MARKS.stripes,
  crossed: line("M-2 2 2-2M0 10 10 0M8 12 12 8M-2 8 2 12M0 0 10 10M8-2 12 2"),
  dotted: MARKS.dots,
});

/** Wire the checkboxes of `root` to the layers that they name. */
export function switchLayers(L, map, root, { symbols, texts }) {
  const list = root.querySelector("[data-layers]");
  const boxes = list.querySelectorAll("input[type=checkbox]");
  const made = new Map();
  const fills = new Fills(root);
  // Over our own land, under the names and the data.
  map.createPane(PANE).classList.add("map-references");
  // Beside the boxes: the count of the places, which changes with each move, would hide it.
  const problem = document.createElement("p");
  problem.className = "error small";
  problem.setAttribute("role", "alert");
  list.append(problem);
  const failed = () => { problem.textContent = texts.layerFailed; };
  const show = async (box) => {
    problem.textContent = "";
    if (!made.has(box)) made.set(box, makeLayer(L, box.dataset, { fills, symbols, failed }));
    try {
      const layer = await made.get(box);
      if (box.checked) layer.addTo(map);
      else layer.remove();
      // Our own land would hide a base map.
      const rasters = [...boxes].filter((each) => each.checked && each.dataset.kind === "raster");
      root.classList.toggle("has-raster", rasters.length > 0);
    } catch {
      made.delete(box);
      box.checked = false;
      failed();
    }
  };
  for (const box of boxes) {
    const { kind, tone, pattern, dashed } = box.dataset;
    if (kind !== "raster") box.after(swatch(fills, classOf(dashed), tone, pattern));
    box.addEventListener("change", () => show(box));
    if (box.checked) show(box);
  }
}

async function makeLayer(L, dataset, { fills, symbols, failed }) {
  const { url, kind, attribution, maxZoom, tone, pattern, dashed } = dataset;
  if (kind === "raster") {
    // Under our boundaries, in the pane of base maps; credited while it is shown.
    return L.tileLayer(url, { attribution, maxZoom: Number(maxZoom), zIndex: 2 });
  }
  if (kind === "vector") {
    return makeVectorLayer(L, {
      url, attribution, symbols, failed,
      pane: PANE,
      deepest: Number(maxZoom),
      look: { tone: Number(tone), pattern, dashed: dashed === "true" },
    });
  }
  const collection = await fetchJson(url);
  // What the collection says of its own look and source is more recent than the page.
  const look = { tone, pattern, dashed: dashed === "true", ...collection.layer };
  const className = classOf(String(look.dashed));
  return L.geoJSON(collection, {
    interactive: false,
    attribution: attribution || escaped(collection.attribution ?? ""),
    pane: PANE,
    style: ({ geometry }) =>
      geometry.type.endsWith("Polygon")
        ? fills.area(className, look.tone, look.pattern)
        : { className: `${className} map-tone-${look.tone}` },
    pointToLayer: (feature, latlng) =>
      L.circleMarker(latlng, { radius: 4, pane: PANE, interactive: false }),
  });
}

const classOf = (dashed) => (dashed === "true" ? `${LOOK} ${LOOK}--dashed` : LOOK);

/** A small picture of a look, for the list of layers. */
function swatch(fills, className, tone, pattern) {
  const fill = pattern === "empty" ? "none" : fills.of(tone, pattern);
  const holder = document.createElement("template");
  holder.innerHTML = `<svg class="map-swatch" viewBox="0 0 30 18" aria-hidden="true"><rect class="${className} ${fill ? filled(className) : ""} map-tone-${Number(tone)}" x="1" y="1" width="28" height="16"${fill ? ` fill="${fill}"` : ""}/></svg>`;
  return holder.content;
}

/** Leaflet takes credits as HTML. */
function escaped(text) {
  const holder = document.createElement("span");
  holder.textContent = text;
  return holder.innerHTML;
}
