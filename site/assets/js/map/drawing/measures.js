// Lengths and areas on the ellipsoid, times the projection's scale: the server's figures, live.
import { fill } from "../leaflet.js";

const RADIUS = 6378137; // GRS 80
const E2 = 0.0066943800229;
const RADIAN = Math.PI / 180;

/** Metres along the points; with `closed`, back to the first. `scale` comes from the server. */
export function length(points, { scale, closed = false }) {
  let total = 0;
  const ends = closed && points.length > 2 ? [...points, points[0]] : points;
  for (let i = 1; i < ends.length; i += 1) {
    const { north, east } = metresPerDegree((ends[i - 1].lat + ends[i].lat) / 2);
    total += Math.hypot((ends[i].lat - ends[i - 1].lat) * north, (ends[i].lng - ends[i - 1].lng) * east);
  }
  return total * scale;
}

/** Square metres inside the points. */
export function area(points, { scale }) {
  if (points.length < 3) return 0;
  const middle = points.reduce((sum, point) => sum + point.lat, 0) / points.length;
  const { north, east } = metresPerDegree(middle);
  const [origin] = points;
  let twice = 0;
  points.forEach((point, i) => {
    const next = points[(i + 1) % points.length];
    twice += (point.lng - origin.lng) * (next.lat - origin.lat) - (next.lng - origin.lng) * (point.lat - origin.lat);
  });
  return (Math.abs(twice) / 2) * north * east * scale * scale;
}

function metresPerDegree(latitude) {
  const sine = Math.sin(latitude * RADIAN) ** 2;
  const bend = 1 - E2 * sine;
  return {
    north: ((RADIUS * (1 - E2)) / bend ** 1.5) * RADIAN,
    east: (RADIUS / Math.sqrt(bend)) * Math.cos(latitude * RADIAN) * RADIAN,
  };
}

/** "412 m", "1.24 km": the units' patterns come from the server. */
export function lengthText(metres, units) {
  if (Math.round(metres) < 1000) return fill(units.m, { value: written(metres, metres < 10 ? 1 : 0) });
  return fill(units.km, { value: threeFigures(metres / 1000) });
}

export function areaText(squareMetres, units) {
  if (Math.round(squareMetres) < 1000) return fill(units.m2, { value: written(squareMetres, 0) });
  if (squareMetres < 1e6) return fill(units.ha, { value: threeFigures(squareMetres / 1e4) });
  return fill(units.km2, { value: threeFigures(squareMetres / 1e6) });
}

const threeFigures = (value) => written(value, value < 10 ? 2 : value < 100 ? 1 : 0);

function written(value, decimals) {
  const options = { minimumFractionDigits: decimals, maximumFractionDigits: decimals };
  return new Intl.NumberFormat(document.documentElement.lang || "fr", options).format(value);
}

/** Do two sides of the outline cross? Asked only of outlines short enough to answer at once. */
export function crosses(points) {
  const count = points.length;
  if (count < 4 || count > 400) return false;
  const turn = (a, b, c) => Math.sign((b.lng - a.lng) * (c.lat - a.lat) - (c.lng - a.lng) * (b.lat - a.lat));
  for (let i = 0; i < count; i += 1) {
    for (let j = i + 2; j < count; j += 1) {
      if (i === 0 && j === count - 1) continue;
      const [a, b, c, d] = [points[i], points[i + 1], points[j], points[(j + 1) % count]];
      if (turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0) return true;
    }
  }
  return false;
}
