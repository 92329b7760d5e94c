// The bare map: base layer, boundaries and labels, controls, and manners (wheel, touch, keyboard).
import { loadLeaflet, readJson } from "./leaflet.js";
import { drawTerritories } from "./territories.js";

/**
 * Make the Leaflet map that `root` describes.
 * @param {object} options `wholeZooms`: never between two zooms, as pictures need.
 * @returns {Promise<{L, map, texts, home, territories}>} `home` is the box to come back to.
 */
export async function makeMap(root, { wholeZooms = false } = {}) {
  const L = await loadLeaflet(root.dataset.leafletUrl);
  const texts = readJson(root.dataset.texts);
  const canvas = root.querySelector("[data-map-options]");
  const options = JSON.parse(canvas.dataset.mapOptions);
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const touch = window.matchMedia("(pointer: coarse)").matches;
  const hasTiles = options.layers.length > 0;

  const map = L.map(canvas, {
    zoomControl: false,
    minZoom: options.minzoom,
    maxZoom: options.maxzoom,
    // Pictures are sharp only at whole zooms; our own boundaries may fit the frame exactly.
    zoomSnap: hasTiles || wholeZooms ? 1 : 0.25,
    zoomDelta: 1,
    fadeAnimation: !still,
    zoomAnimation: !still,
    markerZoomAnimation: !still,
    inertia: !still,
    closePopupOnClick: true,
    // One finger scrolls the page; two move the map.
    dragging: !touch,
    touchZoom: true,
  });
  map.attributionControl.setPrefix(false);
  for (const [, url, tileOptions] of options.layers) L.tileLayer(url, tileOptions).addTo(map);
  const home = L.latLngBounds(options.extent);
  const toHome = () => map.fitBounds(home, { padding: [12, 12], animate: !still });
  toHome();
  map.setMaxBounds(home.pad(1.5));

  canvas.setAttribute("role", "region");
  canvas.setAttribute("aria-label", root.dataset.label);
  if (root.dataset.help) canvas.setAttribute("aria-describedby", root.dataset.help);

  addControls(L, map, texts, toHome);
  mindTheWheel(root, canvas, texts);
  if (options.scale) L.control.scale({ imperial: false, position: "bottomleft" }).addTo(map);

  // A map made in a hidden or resized frame must look again at its size.
  new ResizeObserver(() => map.invalidateSize({ animate: false })).observe(canvas);

  const territories = root.dataset.territoriesUrl
    ? drawTerritories(L, map, root.dataset.territoriesUrl, { plain: !hasTiles })
    : Promise.resolve(null);
  territories.catch(() => null); // a background that doesn't come is no reason to lose the map
  return { L, map, texts, home, still, territories };
}

function addControls(L, map, texts, toHome) {
  const Controls = L.Control.extend({
    options: { position: "topright" },
    onAdd() {
      const bar = L.DomUtil.create("div", "map-controls");
      const zoomIn = button("plus", texts.zoomIn, () => map.zoomIn());
      const zoomOut = button("minus", texts.zoomOut, () => map.zoomOut());
      const whole = button("whole", texts.whole, toHome);
      bar.append(zoomIn, zoomOut, whole);
      const limits = () => {
        // aria-disabled and not disabled: the focus must not fall from under somebody's hands.
        zoomIn.setAttribute("aria-disabled", String(map.getZoom() >= map.getMaxZoom()));
        zoomOut.setAttribute("aria-disabled", String(map.getZoom() <= map.getMinZoom()));
      };
      map.on("zoomend", limits);
      limits();
      L.DomEvent.disableClickPropagation(bar);
      return bar;
    },
  });
  new Controls().addTo(map);
}

const SIGNS = {
  plus: "M12 5v14M5 12h14",
  minus: "M5 12h14",
  whole: "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
};

function button(sign, name, act) {
  const element = document.createElement("button");
  element.type = "button";
  element.className = "map-controls__button";
  element.title = name;
  element.setAttribute("aria-label", name);
  element.append(drawing(SIGNS[sign]));
  element.addEventListener("click", act);
  return element;
}

/** A small stroked picture, hidden from screen readers: the button has the name. */
export function drawing(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.append(line);
  return svg;
}

/** The wheel scrolls the page; with Ctrl (or Cmd) it zooms the map. Neither is ever trapped. */
function mindTheWheel(root, canvas, texts) {
  const hint = document.createElement("p");
  hint.className = "map-hint";
  hint.setAttribute("aria-hidden", "true");
  canvas.append(hint);
  let timer;
  const tell = (text) => {
    hint.textContent = text;
    hint.classList.add("is-shown");
    clearTimeout(timer);
    timer = setTimeout(() => hint.classList.remove("is-shown"), 1200);
  };
  canvas.addEventListener(
    "wheel",
    (event) => {
      if (event.ctrlKey || event.metaKey) return;
      event.stopPropagation(); // Leaflet listens further in; the page keeps its own scrolling
      tell(texts.wheel);
    },
    { capture: true, passive: true },
  );
  let moved = 0;
  canvas.addEventListener("touchmove", (event) => {
    if (event.touches.length !== 1) return;
    moved += 1;
    if (moved === 4) tell(texts.touch);
  }, { passive: true });
  canvas.addEventListener("touchend", () => { moved = 0; }, { passive: true });
}
