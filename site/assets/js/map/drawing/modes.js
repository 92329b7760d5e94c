// Keys and gestures: trace freehand, move the whole, undo.
import { fill } from "../leaflet.js";
import { vertexAt } from "./draft.js";
import { round } from "./notation.js";

const STEP = 10; // pixels that an arrow moves the whole drawing by

export class Modes {
  /** @param tools the drawing's own. */
  constructor(tools) {
    this.tools = tools;
  }

  key(event) {
    const { tools } = this;
    const canvas = tools.map.getContainer();
    if (event.target !== canvas) return;
    const arrows = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault(); // Enter would send the form, Space would scroll
      tools.add(tools.map.getCenter());
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      tools.removeSelected();
    } else if (event.key === "Escape" && tools.gestures.mode) {
      event.preventDefault(); // leaves the mode, not the dialog
      event.stopPropagation();
      this.set("", { say: true });
    } else if (tools.gestures.mode === "move" && arrows[event.key]) {
      event.preventDefault();
      event.stopPropagation(); // Leaflet would move the map
      const [x, y] = arrows[event.key].map((step) => step * (event.shiftKey ? 5 : 1));
      this.shifted(tools.gestures.byPixels(x, y));
    }
  }

  undoKeys(event) {
    const { tools } = this;
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.target.matches("input, textarea, select")) return; // a text field undoes its own text
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    tools.step(key === "y" || event.shiftKey ? "redo" : "undo");
  }

  set(mode, { say = false } = {}) {
    const { tools } = this;
    const before = tools.gestures.mode;
    if (mode === before) return;
    if (mode === "trace" && tools.draft.state.finished) tools.draft.apply({ finished: false });
    tools.gestures.set(mode);
    for (const name of ["trace", "move"]) {
      tools.root.querySelector(`[data-act="${name}"]`).setAttribute("aria-pressed", String(mode === name));
    }
    tools.root.classList.toggle("is-gesturing", Boolean(mode));
    if (!say) return;
    const { texts } = tools;
    tools.say(mode ? { trace: texts.trace, move: texts.moveAll }[mode] : { trace: texts.traceOff, move: texts.moveAllOff }[before]);
  }

  traced(places) {
    const { tools } = this;
    if (!tools.hasRoom(places.length)) return;
    const outside = places.find((place) => !tools.covers(place));
    if (outside) {
      tools.accepts(outside);
      return;
    }
    const added = places.map((place) => vertexAt({ lat: round(place.lat), lng: round(place.lng) }));
    const vertices = [...tools.draft.state.vertices, ...added];
    tools.selected = -1;
    this.set("");
    tools.draft.apply({ vertices, finished: tools.isEnough(vertices) });
    tools.sayDone(tools.texts.traced);
  }

  shifted(by) {
    const { tools } = this;
    const vertices = tools.draft.state.vertices.map((vertex) => {
      if (!vertex.at) return vertex;
      const moved = by(tools.L.latLng(vertex.at));
      return vertexAt({ lat: round(moved.lat), lng: round(moved.lng) });
    });
    if (vertices.some(({ at }) => at && !tools.covers(at))) {
      tools.say(fill(tools.texts.movedOut, { perimeter: tools.root.dataset.perimeter }));
      tools.show();
      return;
    }
    tools.draft.apply({ vertices });
    tools.sayDone(tools.texts.movedAll);
  }
}
