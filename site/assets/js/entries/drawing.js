// Boots every drawing field of the page. Loaded only by pages that have one.
import { startMaps } from "../map/boot.js";
import { enhanceDrawing, makeRoom } from "../map/drawing/start.js";

startMaps({ "[data-drawing]": enhanceDrawing }, makeRoom);
