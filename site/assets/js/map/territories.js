// Our own background: boundaries and names, from our own address.
import { fetchJson } from "./leaflet.js";

const NAMES = "names";

/**
 * Draw the outline and its parts under everything else.
 * @returns {Promise<{collection, find, outline}>} `find(latlng)` gives the part that holds a place.
 */
export async function drawTerritories(L, map, url, { plain }) {
  const collection = await fetchJson(url);
  const layer = L.geoJSON(collection, {
    interactive: false,
    style: (feature) => ({
      className: `map-area map-area--${feature.properties.role}${plain ? "" : " map-area--over"}`,
    }),
  }).addTo(map);
  layer.bringToBack();
  if (collection.attribution) map.attributionControl.addAttribution(escape(collection.attribution));
  label(L, map, collection.features.filter((each) => each.properties.role === "part"));

  const parts = collection.features.filter((each) => each.properties.role === "part");
  const outline = collection.features.find((each) => each.properties.role === "outline");
  return {
    collection,
    find: (place) => parts.find((part) => holds(part.geometry, place.lng, place.lat)) ?? null,
    covers: (place) => !outline || holds(outline.geometry, place.lng, place.lat),
    boundsOf: (id) => {
      const part = parts.find((each) => String(each.id) === String(id));
      return part ? L.geoJSON(part).getBounds() : null;
    },
  };
}

function escape(text) {
  const holder = document.createElement("span");
  holder.textContent = text;
  return holder.innerHTML;
}

/** Names of the parts, hidden from screen readers (the list says them), shown where they fit. */
function label(L, map, parts) {
  // Over the boundaries, under the markers.
  map.createPane(NAMES).classList.add("map-names");
  const labels = parts
    .filter((part) => part.properties.anchor)
    .map((part) => {
      const text = document.createElement("span");
      text.className = "map-name__text";
      text.textContent = part.properties.label;
      const [longitude, latitude] = part.properties.anchor;
      const marker = L.marker([latitude, longitude], {
        icon: L.divIcon({ className: "map-name", html: text, iconSize: [0, 0] }),
        interactive: false,
        keyboard: false,
        pane: NAMES,
      }).addTo(map);
      marker.getElement().setAttribute("aria-hidden", "true");
      return { marker, text, bounds: L.geoJSON(part).getBounds() };
    });
  const arrange = () => {
    const taken = [];
    const sized = labels
      .map((each) => ({ ...each, box: pixelBox(map, each.bounds) }))
      .sort((a, b) => b.box.width * b.box.height - a.box.width * a.box.height);
    for (const { marker, text, box } of sized) {
      const at = map.latLngToLayerPoint(marker.getLatLng());
      const width = text.offsetWidth;
      const height = text.offsetHeight;
      const frame = { x: at.x - width / 2, y: at.y - height / 2, width, height };
      const fits = width < box.width * 0.85 && height < box.height * 0.8;
      const free = !taken.some((other) => overlap(frame, other));
      text.classList.toggle("is-shown", fits && free);
      if (fits && free) taken.push(frame);
    }
  };
  map.on("zoomend resize", arrange);
  arrange();
}

function pixelBox(map, bounds) {
  const topLeft = map.latLngToLayerPoint(bounds.getNorthWest());
  const bottomRight = map.latLngToLayerPoint(bounds.getSouthEast());
  return { width: bottomRight.x - topLeft.x, height: bottomRight.y - topLeft.y };
}

function overlap(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Is a place inside a Polygon or MultiPolygon? Holes count: crossings are counted ring by ring. */
export function holds(geometry, x, y) {
  const polygons = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
  return polygons.some((rings) => {
    let inside = false;
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i, i += 1) {
        const [xi, yi] = ring[i];
        const [xj, yj] = ring[j];
        if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
      }
    }
    return inside;
  });
}
