// Patterns that fill areas drawn in SVG: colour is never alone to tell them apart. They are elements
// and not a style, so that the content security policy needs no exception.
export const line = (d) => `<path class="map-fill__line" d="${d}"/>`;
/** What each pattern repeats, every ten pixels; a name that is not here is a plain colour. */
export const MARKS = {
  stripes: line("M-2 2 2-2M0 10 10 0M8 12 12 8"),
  grid: line("M5 0V10M0 5H10"),
  dots: '<circle class="map-fill__dot" cx="5" cy="5" r="1.6"/>',
};
/** How a line of that pattern is cut, in pixels. */
export const DASHES = { plain: [], grid: [9, 6], dots: [1, 6], stripes: [14, 5, 3, 5] };

let made = 0;

/** The patterns of one map, in a picture of no size of their own. */
export class Fills {
  constructor(root) {
    this.root = root;
    this.names = {}; // "tone/pattern" → the value of an attribute `fill`
  }

  /** The value of an attribute `fill`; nothing for a plain colour. */
  of(tone, pattern) {
    if (!MARKS[pattern]) return undefined;
    return (this.names[`${tone}/${pattern}`] ??= this.make(tone, pattern));
  }

  make(tone, pattern) {
    made += 1;
    this.root.insertAdjacentHTML(
      "beforeend",
      `<svg class="map-fills" width="0" height="0" aria-hidden="true"><pattern id="map-fill-${made}" class="map-fill map-tone-${Number(tone)}" width="10" height="10" patternUnits="userSpaceOnUse"><rect class="map-fill__ground" width="10" height="10"/>${MARKS[pattern]}</pattern></svg>`,
    );
    return `url(#map-fill-${made})`;
  }

  /** Leaflet's options for an area of that look. */
  area(className, tone, pattern) {
    const fillColor = this.of(tone, pattern);
    return {
      className: `${className} ${fillColor ? filled(className) : ""} map-tone-${tone}`,
      ...(fillColor ? { fillColor, fillOpacity: 1 } : { fill: pattern !== "empty" }),
    };
  }
}

/** The style sheet's own fill gives way to the attribute. */
export const filled = (className) => `${className.split(" ")[0]}--filled`;
