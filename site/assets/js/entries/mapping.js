// Participatory maps: everything here improves pages that work without it.
import "../mapping/filters.js";
import "../parts/position.js";
import "../mapping/drawn.js";
import "../mapping/photo-place.js";
import "../mapping/offline/start.js";
