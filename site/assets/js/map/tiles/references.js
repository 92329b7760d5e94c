// Layers that one may lay under the data: shown when their box is ticked, fetched then only.
import { fetchJson } from "../leaflet.js";

const PANE = "references";

/** Wire the checkboxes of `root` to the layers that they name. */
export function switchLayers(L, map, root, { say, texts }) {
  const boxes = root.querySelectorAll("[data-layers] input[type=checkbox]");
  const made = new Map();
  // Over our own land, under the names and the data.
  map.createPane(PANE).classList.add("map-references");
  const show = async (box) => {
    if (!made.has(box)) made.set(box, makeLayer(L, box.dataset));
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
      say(texts.layerFailed);
    }
  };
  for (const box of boxes) {
    box.addEventListener("change", () => show(box));
    if (box.checked) show(box);
  }
}

async function makeLayer(L, { url, kind, attribution, maxZoom, tone }) {
  if (kind === "raster") {
    // Under our boundaries, in the pane of base maps; credited while it is shown.
    return L.tileLayer(url, { attribution, maxZoom: Number(maxZoom), zIndex: 2 });
  }
  const collection = await fetchJson(url);
  // What the collection says of its own look and source is more recent than the page.
  const look = collection.layer ?? {};
  const solid = look.dashed === false ? " map-reference--solid" : "";
  const className = `map-reference${solid} map-tone-${look.tone ?? tone}`;
  return L.geoJSON(collection, {
    interactive: false,
    attribution: attribution || escaped(collection.attribution ?? ""),
    pane: PANE,
    style: () => ({ className }),
    pointToLayer: (feature, latlng) =>
      L.circleMarker(latlng, { radius: 4, pane: PANE, interactive: false, className }),
  });
}

/** Leaflet takes credits as HTML. */
function escaped(text) {
  const holder = document.createElement("span");
  holder.textContent = text;
  return holder.innerHTML;
}
