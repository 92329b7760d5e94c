// Small improvements of pages that work without them.
import "../parts/scheme-switch.js";
import "../parts/menus.js";
import "../parts/forms.js";
import "../parts/copy.js";
import "../parts/video.js";
