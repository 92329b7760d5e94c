// The agenda: comfort for pages that work without it.
import "../parts/position.js";
import "../agenda/filters.js";
