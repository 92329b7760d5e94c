// Maps of many things, read tile by tile: fetched by map.js when the page has one.
export { showTiledMap } from "../map/tiles/view.js";
