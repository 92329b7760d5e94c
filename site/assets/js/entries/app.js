// Small improvements of pages that work without them.
import "htmx.org/dist/htmx.esm.min.js";
import "../parts/scheme-switch.js";
import "../parts/menus.js";
import "../parts/forms.js";
import "../parts/copy.js";
import "../parts/video.js";
import "../parts/kept-pages.js";
