// The tools of one drawing field: what each press, key and button does to the draft, and says.
import { counted, fill } from "../leaflet.js";
import { offer } from "../places.js";
import { Board } from "./board.js";
import { Draft, NEEDED, readLines, vertexAt, writeLines } from "./draft.js";
import { CLOSE_ZOOM, Finding } from "./finding.js";
import { gestures } from "./gestures.js";
import { Kinds } from "./kinds.js";
import { area, areaText, crosses, length, lengthText } from "./measures.js";
import { Modes } from "./modes.js";
import { round } from "./notation.js";
import { Rows } from "./rows.js";
import { stage } from "./stage.js";

const SAME_PRESS = 5; // pixels: the second press of a double press is no other point

export class DrawingTools {
  constructor(root, { L, map, texts, home, still, territories, covers }) {
    Object.assign(this, { root, L, map, texts, home, still, territories, covers });
    this.scale = Number(root.dataset.scale) || 1;
    this.max = Number(root.dataset.max);
    this.selected = -1;
    this.text = root.querySelector('[data-part="vertices"]');
    this.address = root.querySelector('[data-part="address"]');
    this.territory = root.querySelector('[data-part="territory"]');
    this.kinds = new Kinds(this);
    this.finding = new Finding(this);
    this.modes = new Modes(this);
    this.status = root.querySelector("[data-map-status]");
    this.candidates = root.querySelector("[data-candidates]");
    this.fresh = root.querySelector("[data-new]");
  }

  start() {
    const { root, L, map, texts } = this;
    this.board = new Board(L, map, {
      onSelect: (index) => this.select(index, { say: true }),
      onMove: (index, at) => this.move(index, at),
      onInsert: (index, at) => this.insert(index, at),
      onClose: () => this.finish(),
    });
    this.rows = new Rows(root.querySelector("[data-rows]"), root.querySelector("[data-window]"), { texts, sprite: root.dataset.sprite }, {
      onSelect: (index) => this.select(index),
      onWrite: (index, text) => this.finding.write(index, text),
      onInsert: (index) => this.insertNear(index),
      onSwap: (index, other) => this.swap(index, other),
      onRemove: (index) => this.removeAt(index, { focus: true }),
    });
    this.gestures = gestures(L, map, this.board, {
      onTraced: (places) => this.modes.traced(places),
      onShifted: (by) => this.modes.shifted(by),
    });
    this.stage = stage(root, map, {
      texts,
      onOpen: () => { this.showStart(); this.say(texts.opened); },
      onClose: () => { this.showAll(); this.modes.set(""); this.say(fill(texts.closed, { summary: this.summary() })); },
    });
    const vertices = readLines(this.text.value);
    const kind = this.kinds.chosen();
    const finished = vertices.length >= NEEDED[kind] && kind !== "point";
    this.draft = new Draft({ kind, vertices, finished }, () => this.show());
    this.listen();
    this.kinds.follow();
    this.show();
    this.showStart();
  }

  listen() {
    const { map } = this;
    map.doubleClickZoom.disable(); // a double press finishes
    map.on("click", (event) => { if (!this.gestures.mode) this.add(event.latlng); });
    map.on("dblclick", () => { if (!this.gestures.mode && this.draft.state.kind !== "point") this.finish(); });
    map.getContainer().addEventListener("keydown", (event) => this.modes.key(event), { capture: true });
    this.act("add", () => this.add(map.getCenter()));
    this.act("undo", () => this.step("undo"));
    this.act("redo", () => this.step("redo"));
    this.act("finish", () => (this.draft.state.finished ? this.resume() : this.finish()));
    this.act("trace", () => this.modes.set(this.gestures.mode === "trace" ? "" : "trace", { say: true }));
    this.act("move", () => this.modes.set(this.gestures.mode === "move" ? "" : "move", { say: true }));
    this.act("locate", () => this.finding.locate());
    this.act("delete", () => this.removeSelected());
    this.act("clear", () => this.clear());
    this.act("search", () => this.finding.search());
    this.act("append", () => this.finding.append());
    this.root.addEventListener("keydown", (event) => this.modes.undoKeys(event));
    this.fresh.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // Enter would send the form
      this.finding.append();
    });
    this.address.addEventListener("keydown", (event) => {
      const list = this.root.querySelector("[data-results]");
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault(); // closes the list, not the dialog
        offer(list, [], null);
      } else if (event.key === "Enter" && this.stage.isOpen) {
        event.preventDefault();
        this.finding.search();
      }
    });
    this.text.addEventListener("change", () => {
      const vertices = readLines(this.text.value);
      this.selected = -1;
      this.draft.apply({ vertices, finished: this.isEnough(vertices) });
      this.showAll();
    });
    this.kinds.listen();
    this.territory?.addEventListener("change", () => this.finding.goTo(this.territory.value));
  }

  act(name, action) {
    this.root.querySelector(`[data-act="${name}"]`)?.addEventListener("click", action);
  }

  say(text) {
    this.status.textContent = text;
  }

  // ── What is drawn ──────────────────────────────────────────────────────────────────────────────

  show() {
    const { state } = this.draft;
    this.selected = Math.min(this.selected, state.vertices.length - 1);
    this.text.value = writeLines(state.vertices);
    this.board.draw(state, this.selected);
    this.rows.draw(state, this.selected);
    const summary = this.summary();
    this.root.querySelector("[data-measure]").textContent = summary;
    this.root.querySelector("[data-summary]").textContent = summary;
    const { texts } = this;
    const label = state.finished ? texts.resume : state.kind === "area" ? texts.finishArea : texts.finishLine;
    this.root.querySelector("[data-finish-label]").textContent = label;
    this.root.querySelector("[data-open-label]").textContent = state.vertices.length ? texts.change : texts.draw;
    for (const element of this.root.querySelectorAll("[data-shapes-only]")) element.hidden = state.kind === "point";
    this.disable("undo", !this.draft.past.length);
    this.disable("redo", !this.draft.future.length);
    this.disable("delete", this.selected < 0);
    this.disable("clear", !state.vertices.length);
    this.root.classList.toggle("has-drawing", state.vertices.length > 0);
    this.root.classList.toggle("is-crossing", state.kind === "area" && crosses(this.draft.placed));
  }

  /** aria-disabled and not disabled: the focus must not fall from under somebody's hands. */
  disable(name, on) {
    this.root.querySelector(`[data-act="${name}"]`)?.setAttribute("aria-disabled", String(on));
  }

  /** "Line of 3 points, 412 m". */
  summary() {
    const { kind, vertices } = this.draft.state;
    const { texts, scale } = this;
    if (!vertices.length) return texts.nothing;
    const parts = [counted(texts.kinds[kind], vertices.length)];
    const places = this.draft.placed;
    if (kind === "line" && places.length > 1) parts.push(lengthText(length(places, { scale }), texts.units));
    if (kind === "area" && places.length > 2) {
      const around = lengthText(length(places, { scale, closed: true }), texts.units);
      parts.push(`${areaText(area(places, { scale }), texts.units)} (${fill(texts.outline, { length: around })})`);
    }
    return parts.join(", ");
  }

  /** What is drawn; with nothing drawn, the chosen territory or the whole. */
  showStart() {
    if (this.draft.placed.length) this.showAll();
    else this.finding.goTo(this.territory?.value);
  }

  showAll() {
    const bounds = this.board.bounds();
    if (bounds) this.map.fitBounds(bounds, { padding: [40, 40], maxZoom: CLOSE_ZOOM + 1, animate: false });
  }

  isEnough(vertices) {
    const { kind } = this.draft.state;
    return kind !== "point" && vertices.length >= NEEDED[kind];
  }

  // ── Points ─────────────────────────────────────────────────────────────────────────────────────

  /** Inside the perimeter? Says so when it isn't. */
  accepts(at) {
    if (this.covers(at)) return true;
    this.say(fill(this.texts.outside, { perimeter: this.root.dataset.perimeter }));
    return false;
  }

  /** A point at the end of the drawing, or the only one. */
  add(place, text = "") {
    const { kind, vertices, finished } = this.draft.state;
    if (finished) {
      this.say(this.texts.isFinished);
      return false;
    }
    if (this.isRepeated(place)) {
      this.say(this.texts.already);
      return false;
    }
    if (!this.accepts(place)) return false;
    const vertex = vertexAt({ lat: round(place.lat), lng: round(place.lng) });
    if (kind === "point") {
      this.selected = 0;
      this.draft.apply({ vertices: [vertex] });
      const part = this.territories?.find(place);
      this.say(part ? fill(this.texts.placedIn, { territory: part.properties.name }) : this.texts.placed);
    } else {
      if (!this.hasRoom()) return false;
      this.selected = vertices.length;
      this.draft.apply({ vertices: [...vertices, vertex] });
      this.sayDone(fill(this.texts.added, { number: vertices.length + 1 }), text);
    }
    if (!this.map.getBounds().contains(place)) this.map.panTo(place, { animate: !this.still });
    return true;
  }

  isRepeated(place) {
    const last = this.draft.state.vertices.at(-1)?.at;
    if (!last || this.draft.state.kind === "point") return false;
    const apart = this.map.latLngToLayerPoint(place).distanceTo(this.map.latLngToLayerPoint(last));
    return apart < SAME_PRESS;
  }

  hasRoom(more = 1) {
    if (this.draft.state.vertices.length + more <= this.max) return true;
    this.say(fill(this.texts.tooMany, { limit: this.max }));
    return false;
  }

  /** What was done, then what the drawing now is. */
  sayDone(text, more = "") {
    const beware = this.root.classList.contains("is-crossing") ? this.texts.crossing : "";
    this.say([text, more, beware, this.draft.state.vertices.length ? `${this.summary()}.` : ""].filter(Boolean).join(" "));
  }

  insert(index, place) {
    if (!this.hasRoom() || !this.accepts(place)) {
      this.show();
      return;
    }
    const vertices = [...this.draft.state.vertices];
    vertices.splice(index, 0, vertexAt({ lat: round(place.lat), lng: round(place.lng) }));
    this.selected = index;
    this.draft.apply({ vertices });
    this.sayDone(fill(this.texts.added, { number: index + 1 }));
  }

  /** A point between two others, or at the centre of the map at either end; then its text is edited. */
  insertNear(index) {
    const { vertices } = this.draft.state;
    const [before, after] = [vertices[index - 1]?.at, vertices[index]?.at];
    const between = before && after;
    this.insert(index, between ? { lat: (before.lat + after.lat) / 2, lng: (before.lng + after.lng) / 2 } : this.map.getCenter());
    this.rows.focus(this.selected);
  }

  move(index, place) {
    if (!this.accepts(place)) {
      this.show();
      return;
    }
    this.selected = index;
    this.replace(index, vertexAt({ lat: round(place.lat), lng: round(place.lng) }));
    this.sayDone(fill(this.texts.moved, { number: index + 1 }));
  }

  replace(index, vertex) {
    const vertices = [...this.draft.state.vertices];
    vertices[index] = vertex;
    this.draft.apply({ vertices });
  }

  swap(index, other) {
    const vertices = [...this.draft.state.vertices];
    [vertices[index], vertices[other]] = [vertices[other], vertices[index]];
    this.selected = other;
    this.draft.apply({ vertices });
    this.rows.focus(other, other < index ? "up" : "down");
    this.sayDone(fill(this.texts.moved, { number: other + 1 }));
  }

  select(index, { say = false } = {}) {
    if (index !== this.selected) {
      this.selected = index;
      this.show();
    }
    if (say) this.say(fill(this.texts.chosen, { number: index + 1 }));
  }

  removeSelected() {
    if (this.selected < 0) this.say(this.texts.noneChosen);
    else this.removeAt(this.selected);
  }

  removeAt(index, { focus = false } = {}) {
    const vertices = this.draft.state.vertices.filter((_vertex, place) => place !== index);
    this.selected = Math.min(index, vertices.length - 1);
    this.draft.apply({ vertices, finished: this.draft.state.finished && this.isEnough(vertices) });
    if (focus && vertices.length) this.rows.focus(this.selected, "remove");
    else if (focus) this.fresh.focus();
    this.sayDone(fill(this.texts.deleted, { number: index + 1 }));
  }

  clear() {
    if (!this.draft.state.vertices.length) return;
    this.selected = -1;
    this.draft.apply({ vertices: [], finished: false });
    this.say(this.texts.cleared);
  }

  finish() {
    const { kind, vertices } = this.draft.state;
    if (!this.isEnough(vertices)) {
      this.say(kind === "area" ? this.texts.tooFewArea : this.texts.tooFewLine);
      return;
    }
    this.modes.set("");
    this.draft.apply({ finished: true });
    this.sayDone(this.texts.finished);
  }

  resume() {
    this.draft.apply({ finished: false });
    this.say(this.texts.resumed);
  }

  step(way) {
    const [done, nothing] = way === "undo" ? ["undone", "nothingToUndo"] : ["redone", "nothingToRedo"];
    if (!this.draft[way]()) {
      this.say(this.texts[nothing]);
      return;
    }
    this.kinds.show(this.draft.state.kind);
    this.sayDone(this.texts[done]);
  }
}
