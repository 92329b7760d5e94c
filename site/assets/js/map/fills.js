// Patterns that fill areas drawn in SVG: colour is never alone to tell them apart. They are elements
// and not a style, so that the content security policy needs no exception.
const SVG = "http://www.w3.org/2000/svg";
const SIDE = 10; // pixels between two marks
const RISING = "M-2 2 2-2M0 10 10 0M8 12 12 8";
const FALLING = "M-2 8 2 12M0 0 10 10M8-2 12 2";
// As categories name them, then as reference layers do.
const LINES = {
  stripes: RISING,
  grid: "M5 0V10M0 5H10",
  hatched: RISING,
  crossed: RISING + FALLING,
};
const DOTS = new Set(["dots", "dotted"]);
/** How a line of that pattern is cut, in pixels. */
export const DASHES = { plain: [], grid: [9, 6], dots: [1, 6], stripes: [14, 5, 3, 5] };

let made = 0;

/** The patterns of one map, in a picture of no size of their own. */
export class Fills {
  constructor(root) {
    this.root = root;
    this.names = new Map(); // "tone/pattern" → id
  }

  /** The value of an attribute `fill`; nothing for a pattern that is a plain colour. */
  of(tone, pattern) {
    if (!(pattern in LINES) && !DOTS.has(pattern)) return undefined;
    const key = `${tone}/${pattern}`;
    if (!this.names.has(key)) this.names.set(key, this.make(tone, pattern));
    return `url(#${this.names.get(key)})`;
  }

  make(tone, pattern) {
    if (!this.holder) {
      this.holder = element("svg", { class: "map-fills", width: 0, height: 0, "aria-hidden": "true", focusable: "false" });
      this.root.append(this.holder);
    }
    made += 1;
    const id = `map-fill-${made}`;
    const whole = element("pattern", {
      id, class: `map-fill map-tone-${tone}`, width: SIDE, height: SIDE, patternUnits: "userSpaceOnUse",
    });
    const mark = DOTS.has(pattern)
      ? element("circle", { class: "map-fill__dot", cx: SIDE / 2, cy: SIDE / 2, r: 1.6 })
      : element("path", { class: "map-fill__line", d: LINES[pattern] });
    whole.append(element("rect", { class: "map-fill__ground", width: SIDE, height: SIDE }), mark);
    this.holder.append(whole);
    return id;
  }

  /** Leaflet's options for an area of that look. */
  area(className, tone, pattern) {
    const fillColor = this.of(tone, pattern);
    if (!fillColor) return { className: `${className} map-tone-${tone}`, fill: pattern !== "empty" };
    return { className: `${className} ${filled(className)} map-tone-${tone}`, fillColor, fillOpacity: 1 };
  }

  /** A small picture of that look, for a list of layers. */
  swatch(className, tone, pattern) {
    const picture = element("svg", { class: "map-swatch", viewBox: "0 0 30 18", "aria-hidden": "true", focusable: "false" });
    const fill = pattern === "empty" ? "none" : this.of(tone, pattern);
    picture.append(element("rect", {
      class: `${className} ${fill ? filled(className) : ""} map-tone-${tone}`,
      x: 1, y: 1, width: 28, height: 16,
      ...(fill ? { fill } : {}),
    }));
    return picture;
  }
}

/** The style sheet's own fill gives way to the attribute. */
const filled = (className) => `${className.split(" ")[0]}--filled`;

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
