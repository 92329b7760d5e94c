// The ballot: everything here improves a page that works without it.
import "../ballot/start.js";
