// How a category looks: a colour, and always also a form, a letter or an icon, and a pattern.
// Each picture is drawn once and then copied: a map may hold twenty thousand of them.
import { DASHES } from "../fills.js";

export const LARGE = 13; // radius in pixels of a picture with its icon or letter
export const SMALL = 5.5; // and of one that only has its form

// One form per tone, so that a small picture still tells its category without its colour.
const FORMS = {
  1: polygon(32),
  2: polygon(4, 45),
  3: polygon(3),
  4: polygon(4),
  5: polygon(5),
  6: star(5),
  7: polygon(6, 30),
  8: star(4),
};

const DOTTED = new Set(["dots", "dotted"]);
const UNMARKED = new Set(["plain", "empty"]);

export class Symbols {
  /** @param categories `{key, label, tone, icon, letter, pattern}`, as the page's legend says. */
  constructor(root, categories, spriteUrl) {
    this.root = root;
    this.categories = new Map(categories.map((each) => [String(each.key), each]));
    this.spriteUrl = spriteUrl;
    this.icons = new Map(); // name → Path2D[]
    this.followers = new Set(); // what to draw again when the colours change: `redrawAll()`
    this.ratio = Math.min(window.devicePixelRatio || 1, 3);
    this.forget();
  }

  /** Icons are read from the page's own sprite; one that doesn't come leaves the letter. */
  async load() {
    const names = new Set([...this.categories.values()].map((each) => each.icon).filter(Boolean));
    if (!names.size) return;
    try {
      const text = await (await fetch(this.spriteUrl)).text();
      const sprite = new DOMParser().parseFromString(text, "image/svg+xml");
      for (const name of names) {
        const paths = [...(sprite.getElementById(name)?.querySelectorAll("path") ?? [])]
          .filter((path) => path.getAttribute("fill") !== "none" || path.getAttribute("stroke") !== "none")
          .map((path) => new Path2D(path.getAttribute("d")));
        if (paths.length) this.icons.set(name, paths);
      }
    } catch {
      // the letters say the same
    }
    this.forget();
  }

  /** Colours follow the page's scheme: ask for them again. */
  forget() {
    this.pictures = new Map();
    this.colours = new Map();
    this.patterns = new Map();
  }

  category(key) {
    return this.categories.get(String(key)) ?? { key: "", label: "", tone: 1, icon: "", letter: "", pattern: "plain" };
  }

  /** The three colours of a tone, as the style sheet has them for this scheme. */
  colour(tone) {
    if (!this.colours.has(tone)) {
      const probe = document.createElement("span");
      probe.className = `map-probe map-tone-${tone}`;
      this.root.append(probe);
      const style = getComputedStyle(probe);
      this.colours.set(tone, {
        tone: style.color,
        ink: style.borderTopColor,
        halo: style.backgroundColor,
      });
      probe.remove();
    }
    return this.colours.get(tone);
  }

  picture(key, large) {
    const name = `${key}/${large}`;
    if (!this.pictures.has(name)) this.pictures.set(name, this.draw(this.category(key), large));
    return this.pictures.get(name);
  }

  draw(category, large) {
    const radius = large ? LARGE : SMALL;
    const { tone, ink, halo } = this.colour(category.tone);
    const size = 2 * (radius + 3);
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = Math.ceil(size * this.ratio);
    const pen = canvas.getContext("2d");
    pen.scale(this.ratio, this.ratio);
    pen.translate(size / 2, size / 2);
    pen.save();
    pen.scale(radius, radius);
    pen.lineJoin = "round";
    // A triangle or a star keeps room for what it holds by being drawn a little larger.
    const form = large ? FORMS[1] : (FORMS[category.tone] ?? FORMS[1]);
    pen.strokeStyle = halo;
    pen.lineWidth = 4 / radius;
    pen.stroke(form);
    pen.fillStyle = tone;
    pen.fill(form);
    pen.restore();
    if (large) this.mark(pen, category, ink);
    canvas.reach = size / 2;
    return canvas;
  }

  /** The icon or the letter. */
  mark(pen, category, ink) {
    const icon = this.icons.get(category.icon);
    if (icon) {
      pen.save();
      const scale = (LARGE * 1.25) / 24;
      pen.scale(scale, scale);
      pen.translate(-12, -12);
      pen.strokeStyle = ink;
      pen.lineWidth = 2.2;
      pen.lineCap = pen.lineJoin = "round";
      for (const path of icon) pen.stroke(path);
      pen.restore();
      return;
    }
    pen.fillStyle = ink;
    pen.font = `700 ${LARGE * 1.1}px ${getComputedStyle(this.root).fontFamily}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(category.letter || category.label.trim().slice(0, 1).toUpperCase(), 0, 1);
  }

  /** A line or an area, under the pictures. */
  drawShape(pen, shape) {
    const category = this.category(shape.properties.category);
    const { tone, halo } = this.colour(category.tone);
    pen.lineJoin = pen.lineCap = "round";
    if (shape.kind === "area") {
      pen.globalAlpha = 0.22;
      pen.fillStyle = tone;
      pen.fill(shape.path, "evenodd");
      pen.globalAlpha = 0.75;
      const hatching = this.hatching(category, pen);
      if (hatching) {
        pen.fillStyle = hatching;
        pen.fill(shape.path, "evenodd");
      }
      pen.globalAlpha = 1;
    }
    pen.setLineDash([]);
    pen.strokeStyle = halo;
    pen.lineWidth = shape.kind === "area" ? 4 : 7;
    pen.stroke(shape.path);
    pen.strokeStyle = tone;
    pen.lineWidth = shape.kind === "area" ? 2 : 4;
    pen.setLineDash(DASHES[category.pattern] ?? []);
    pen.stroke(shape.path);
    pen.setLineDash([]);
  }

  /** How an area of this category is filled, for the legend. */
  swatch(key) {
    const canvas = document.createElement("canvas");
    canvas.className = "map-legend__picture map-legend__picture--area";
    canvas.width = 30 * this.ratio;
    canvas.height = 18 * this.ratio;
    const pen = canvas.getContext("2d");
    pen.scale(this.ratio, this.ratio);
    const path = new Path2D();
    path.rect(2, 2, 26, 14);
    this.drawShape(pen, { kind: "area", path, properties: { category: key } });
    return canvas;
  }

  hatching(category, pen) {
    if (!category.pattern || UNMARKED.has(category.pattern)) return null;
    const name = `${category.tone}/${category.pattern}`;
    if (!this.patterns.has(name)) {
      const side = 10;
      const canvas = document.createElement("canvas");
      canvas.width = canvas.height = side * this.ratio;
      const small = canvas.getContext("2d");
      small.scale(this.ratio, this.ratio);
      small.strokeStyle = small.fillStyle = this.colour(category.tone).tone;
      small.lineWidth = 1.4;
      small.beginPath();
      if (DOTTED.has(category.pattern)) {
        small.arc(side / 2, side / 2, 1.6, 0, 7);
        small.fill();
      } else if (category.pattern === "grid") {
        small.moveTo(side / 2, 0);
        small.lineTo(side / 2, side);
        small.moveTo(0, side / 2);
        small.lineTo(side, side / 2);
        small.stroke();
      } else {
        for (const shift of [-side, 0, side]) {
          small.moveTo(shift, side);
          small.lineTo(shift + side, 0);
          if (category.pattern !== "crossed") continue;
          small.moveTo(shift, 0);
          small.lineTo(shift + side, side);
        }
        small.stroke();
      }
      const pattern = pen.createPattern(canvas, "repeat");
      pattern.setTransform(new DOMMatrix().scale(1 / this.ratio));
      this.patterns.set(name, pattern);
    }
    return this.patterns.get(name);
  }
}

function polygon(corners, turn = 0) {
  const path = new Path2D();
  for (let corner = 0; corner < corners; corner += 1) {
    const angle = ((corner / corners) * 360 + turn - 90) * (Math.PI / 180);
    path.lineTo(Math.cos(angle), Math.sin(angle));
  }
  path.closePath();
  return path;
}

function star(points) {
  const path = new Path2D();
  for (let corner = 0; corner < 2 * points; corner += 1) {
    const angle = ((corner / points) * 180 - 90) * (Math.PI / 180);
    const radius = corner % 2 ? 0.5 : 1.15;
    path.lineTo(Math.cos(angle) * radius, Math.sin(angle) * radius);
  }
  path.closePath();
  return path;
}
