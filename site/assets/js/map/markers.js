// Markers are real buttons with names; their drawing is ours.
import { fill } from "./leaflet.js";

/** A Leaflet icon whose element is a `<button>`, filled by `paint(element)`. */
export function buttonIcon(L, paint) {
  const ButtonIcon = L.Icon.extend({
    createIcon() {
      const element = document.createElement("button");
      element.type = "button";
      paint(element);
      element.classList.add("leaflet-marker-icon"); // Leaflet's own class: it places the element
      return element;
    },
    createShadow() {
      return null;
    },
  });
  return new ButtonIcon({});
}

/** One thing: a pin with its category's picture. The category is told by shape and by name. */
export function fillMarker(element, feature, sprite) {
  const { title, category, status, icon, tone } = feature.properties;
  element.className = `map-pin map-tone-${tone ?? 1}`;
  element.dataset.featureId = feature.id;
  element.setAttribute("aria-label", [title, category, status].filter(Boolean).join(", "));
  element.title = title ?? "";
  const body = document.createElement("span");
  body.className = "map-pin__body";
  body.setAttribute("aria-hidden", "true");
  if (icon && sprite) body.append(glyph(sprite, icon));
  else body.append(letter(category || title || ""));
  element.append(body);
}

/** Several things near one another: how many, in words for those who don't see the circle. */
export function fillCluster(element, count, texts) {
  const size = count < 10 ? "small" : count < 50 ? "medium" : "large";
  element.className = `map-cluster map-cluster--${size}`;
  element.setAttribute("aria-label", count === 1 ? texts.clusterOne : fill(texts.cluster, { count }));
  const body = document.createElement("span");
  body.className = "map-cluster__body";
  body.setAttribute("aria-hidden", "true");
  body.textContent = count > 999 ? `${Math.floor(count / 1000)}k` : String(count);
  element.append(body);
}

function letter(text) {
  const span = document.createElement("span");
  span.textContent = text.trim().slice(0, 1).toUpperCase();
  return span;
}

function glyph(sprite, name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
