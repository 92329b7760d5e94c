// The drawing field: the same text as without JavaScript, and a map with tools that write it.
import { makeMap } from "../canvas.js";
import { readJson } from "../leaflet.js";
import { holds } from "../territories.js";
import { SMALL } from "./stage.js";
import { DrawingTools } from "./tools.js";

/**
 * Give the map and its tools the room that they will take: nothing moves under a hand when they
 * come. Besides, a map made in a hidden frame has no size to fit anything into.
 */
export function makeRoom(root) {
  takeRoom(root, true);
  root.classList.add("is-waiting");
  root.classList.toggle("is-small", window.matchMedia(SMALL).matches);
}

/** Put the map and its tools over the inputs of `root`; rejects when it cannot, and the inputs stay. */
export async function enhanceDrawing(root) {
  try {
    await draw(root);
    root.classList.add("is-ready");
  } catch (error) {
    takeRoom(root, false);
    root.classList.remove("is-small");
    throw error;
  } finally {
    root.classList.remove("is-waiting");
  }
}

function takeRoom(root, taken) {
  for (const element of root.querySelectorAll("[data-needs-map]")) element.hidden = !taken;
  root.querySelector("[data-text]").open = !taken;
}

async function draw(root) {
  const made = await makeMap(root);
  const territories = await made.territories.catch(() => null);
  const outline = root.dataset.outline ? drawOutline(made, readJson(root.dataset.outline)) : null;
  const covers = (at) => (outline ? holds(outline, at.lng, at.lat) : (territories?.covers(at) ?? true));
  new DrawingTools(root, { ...made, territories, covers }).start();
  root.querySelector("[data-map-failure]")?.remove();
}

/** A perimeter that somebody drew, which is no territory. */
function drawOutline({ L, map }, geometry) {
  L.geoJSON(geometry, {
    interactive: false,
    style: () => ({ className: "map-area map-area--outline" }),
  }).addTo(map).bringToBack();
  return geometry;
}
