// Boots every map and every location field of the page. Loaded only by pages that have one.
import { startMaps } from "../map/boot.js";
import { enhanceLocation } from "../map/location.js";
import { showMap } from "../map/view.js";

startMaps({ "[data-map-view]": showMap, "[data-location]": enhanceLocation });
