// Boots every map and every location field of the page. Loaded only by pages that have one.
import { startMaps } from "../map/boot.js";
import { enhanceLocation } from "../map/location.js";
import { showMap } from "../map/view.js";

/** Reading vector tiles takes a module of its own, that other maps do without. */
async function showTiledMap(element) {
  const module = await import(element.dataset.module);
  await module.showTiledMap(element);
}

startMaps({
  "[data-map-view]": showMap,
  "[data-tiled-map]": showTiledMap,
  "[data-location]": enhanceLocation,
});
