// The drawing field: the same text as without JavaScript, and a map with tools that write it.
import { makeMap } from "../canvas.js";
import { readJson } from "../leaflet.js";
import { holds } from "../territories.js";
import { DrawingTools } from "./tools.js";

/** Put the map and its tools over the inputs of `root`; rejects when it cannot, and the inputs stay. */
export async function enhanceDrawing(root) {
  const needy = [...root.querySelectorAll("[data-needs-map]")];
  // Shown first: a map made in a hidden frame has no size to fit anything into.
  for (const element of needy) element.hidden = false;
  let made;
  try {
    made = await makeMap(root);
  } catch (error) {
    for (const element of needy) element.hidden = true;
    throw error;
  }
  const territories = await made.territories.catch(() => null);
  const outline = root.dataset.outline ? drawOutline(made, readJson(root.dataset.outline)) : null;
  const covers = (at) => (outline ? holds(outline, at.lng, at.lat) : (territories?.covers(at) ?? true));
  new DrawingTools(root, { ...made, territories, covers }).start();
  root.querySelector("[data-text]").open = false;
  root.querySelector("[data-map-failure]")?.remove();
  root.classList.add("is-ready");
}

/** A perimeter that somebody drew, which is no territory. */
function drawOutline({ L, map }, geometry) {
  L.geoJSON(geometry, {
    interactive: false,
    style: () => ({ className: "map-area map-area--outline" }),
  }).addTo(map).bringToBack();
  return geometry;
}
