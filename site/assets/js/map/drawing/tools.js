// The tools of one drawing field: what each press, key and button does to the draft, and says.
import { counted, fill, readJson } from "../leaflet.js";
import { Board } from "./board.js";
import { Draft, NEEDED, readLines, vertexAt, vertexOf, writeLines } from "./draft.js";
import { gestures } from "./gestures.js";
import { area, areaText, crosses, length, lengthText } from "./measures.js";
import { round } from "./notation.js";
import { findPlaces, myPosition, offer } from "./places.js";
import { Rows } from "./rows.js";
import { stage } from "./stage.js";

const CLOSE_ZOOM = 16; // near enough to see a house
const SAME_PRESS = 5; // pixels: the second press of a double press is no other point
const STEP = 10; // pixels that an arrow moves the whole drawing by

export class DrawingTools {
  constructor(root, { L, map, texts, home, still, territories, covers }) {
    Object.assign(this, { root, L, map, texts, home, still, territories, covers });
    this.scale = Number(root.dataset.scale) || 1;
    this.max = Number(root.dataset.max);
    this.selected = -1;
    this.text = root.querySelector('[data-part="vertices"]');
    this.address = root.querySelector('[data-part="address"]');
    this.territory = root.querySelector('[data-part="territory"]');
    this.kinds = [...root.querySelectorAll('[data-part="kind"]')];
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
      onWrite: (index, text) => this.write(index, text),
      onInsert: (index) => this.insertNear(index),
      onSwap: (index, other) => this.swap(index, other),
      onRemove: (index) => this.removeAt(index, { focus: true }),
    });
    this.gestures = gestures(L, map, this.board, {
      onTraced: (places) => this.traced(places),
      onShifted: (by) => this.shifted(by),
    });
    this.stage = stage(root, map, {
      texts,
      onOpen: () => { this.showAll(); this.say(texts.opened); },
      onClose: () => { this.showAll(); this.setMode(""); this.say(fill(texts.closed, { summary: this.summary() })); },
    });
    const vertices = readLines(this.text.value);
    const kind = this.chosenKind();
    const finished = vertices.length >= NEEDED[kind] && kind !== "point";
    this.draft = new Draft({ kind, vertices, finished }, () => this.show());
    this.listen();
    this.followKinds();
    this.show();
    this.showAll();
    if (!this.draft.placed.length && this.territory?.value) this.goTo(this.territory.value);
  }

  listen() {
    const { map } = this;
    map.doubleClickZoom.disable(); // a double press finishes
    map.on("click", (event) => { if (!this.gestures.mode) this.add(event.latlng); });
    map.on("dblclick", () => { if (!this.gestures.mode && this.draft.state.kind !== "point") this.finish(); });
    map.getContainer().addEventListener("keydown", (event) => this.key(event), { capture: true });
    this.act("add", () => this.add(map.getCenter()));
    this.act("undo", () => this.step("undo"));
    this.act("redo", () => this.step("redo"));
    this.act("finish", () => (this.draft.state.finished ? this.resume() : this.finish()));
    this.act("trace", () => this.setMode(this.gestures.mode === "trace" ? "" : "trace", { say: true }));
    this.act("move", () => this.setMode(this.gestures.mode === "move" ? "" : "move", { say: true }));
    this.act("locate", () => this.locate());
    this.act("delete", () => this.removeSelected());
    this.act("clear", () => this.clear());
    this.act("search", () => this.search());
    this.act("append", () => this.append());
    this.root.addEventListener("keydown", (event) => this.undoKeys(event));
    this.fresh.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // Enter would send the form
      this.append();
    });
    this.address.addEventListener("keydown", (event) => {
      const list = this.root.querySelector("[data-results]");
      if (event.key === "Escape" && !list.hidden) {
        event.preventDefault(); // closes the list, not the dialog
        offer(list, [], null);
      } else if (event.key === "Enter" && this.stage.isOpen) {
        event.preventDefault();
        this.search();
      }
    });
    this.text.addEventListener("change", () => {
      const vertices = readLines(this.text.value);
      this.selected = -1;
      this.draft.apply({ vertices, finished: this.isEnough(vertices) });
      this.showAll();
    });
    for (const input of this.kinds) input.addEventListener("change", () => this.setKind(this.chosenKind()));
    this.territory?.addEventListener("change", () => this.goTo(this.territory.value));
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
    this.setMode("");
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
    for (const input of this.kinds) input.checked = input.value === this.draft.state.kind;
    this.sayDone(this.texts[done]);
  }

  // ── Text of a point ────────────────────────────────────────────────────────────────────────────

  /** What somebody wrote on a point's line: a position, or a place to look up. */
  async write(index, text) {
    const { vertices } = this.draft.state;
    const written = vertexOf(text);
    if (written.text === vertices[index]?.text) return;
    if (!written.text) {
      this.rows.draw(this.draft.state, this.selected); // an empty line changes nothing: a button removes
      return;
    }
    if (written.at && !this.accepts(written.at)) {
      this.replace(index, written); // kept as written: the server says it again
      return;
    }
    this.replace(index, written);
    if (written.at) this.sayDone(fill(this.texts.moved, { number: index + 1 }));
    else await this.lookUp(written.text, (at) => {
      // The list may have changed while the answer came.
      const place = this.draft.state.vertices.indexOf(written);
      if (place >= 0) this.move(place, at);
    });
  }

  /** The text field under the list: the way to draw without pointing at anything. */
  async append() {
    const written = vertexOf(this.fresh.value);
    if (!written.text) {
      this.say(this.texts.typeFirst);
      return;
    }
    const take = (at) => {
      if (this.add(at)) this.fresh.value = "";
    };
    if (written.at) take(written.at);
    else await this.lookUp(written.text, take);
  }

  async lookUp(text, found) {
    const { available, places } = await findPlaces(this.root, text);
    offer(this.candidates, [], null);
    if (!available) this.say(this.texts.searchDown);
    else if (!places.length) this.say(this.texts.nothingFound);
    else if (places.length === 1) found({ lat: places[0].latitude, lng: places[0].longitude });
    else {
      offer(this.candidates, places, (place) => found({ lat: place.latitude, lng: place.longitude }));
      this.say(fill(this.texts.severalFound, { count: places.length, text }));
    }
  }

  // ── Kinds ──────────────────────────────────────────────────────────────────────────────────────

  chosenKind() {
    return (this.kinds.find((input) => input.type === "hidden" || input.checked) ?? this.kinds[0]).value;
  }

  setKind(kind) {
    const { vertices } = this.draft.state;
    if (kind === this.draft.state.kind) return;
    this.setMode("");
    // The points not kept come back with "undo".
    const kept = kind === "point" ? vertices.slice(0, 1) : vertices;
    this.selected = -1;
    this.draft.apply({ kind, vertices: kept, finished: false });
    this.sayDone(fill(this.texts.kindChanged, { kind: counted(this.texts.kinds[kind], kept.length) }));
  }

  /** Another field of the form says which kinds are allowed. */
  followKinds() {
    const { kindsFrom, kindsBy } = this.root.dataset;
    const form = this.root.closest("form");
    if (!kindsFrom || !form || this.kinds.length < 2) return;
    const allowed = readJson(kindsBy);
    const follow = () => {
      const chosen = new FormData(form).get(kindsFrom) ?? "";
      const kinds = allowed[chosen] ?? this.kinds.map((input) => input.value);
      for (const input of this.kinds) {
        input.disabled = !kinds.includes(input.value);
        input.closest("label").hidden = input.disabled;
      }
      if (kinds.includes(this.chosenKind()) || !kinds.length) return;
      for (const input of this.kinds) input.checked = input.value === kinds[0];
      this.setKind(kinds[0]);
    };
    form.addEventListener("change", (event) => { if (event.target.name === kindsFrom) follow(); });
    follow();
  }

  // ── Keys and gestures ──────────────────────────────────────────────────────────────────────────

  key(event) {
    const canvas = this.map.getContainer();
    if (event.target !== canvas) return;
    const arrows = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault(); // Enter would send the form, Space would scroll
      this.add(this.map.getCenter());
    } else if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      this.removeSelected();
    } else if (event.key === "Escape" && this.gestures.mode) {
      event.preventDefault(); // leaves the mode, not the dialog
      event.stopPropagation();
      this.setMode("", { say: true });
    } else if (this.gestures.mode === "move" && arrows[event.key]) {
      event.preventDefault();
      event.stopPropagation(); // Leaflet would move the map
      const [x, y] = arrows[event.key].map((step) => step * (event.shiftKey ? 5 : 1));
      this.shifted(this.gestures.byPixels(x, y));
    }
  }

  undoKeys(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    if (event.target.matches("input, textarea, select")) return; // a text field undoes its own text
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    this.step(key === "y" || event.shiftKey ? "redo" : "undo");
  }

  setMode(mode, { say = false } = {}) {
    const before = this.gestures.mode;
    if (mode === before) return;
    if (mode === "trace" && this.draft.state.finished) this.draft.apply({ finished: false });
    this.gestures.set(mode);
    for (const name of ["trace", "move"]) {
      this.root.querySelector(`[data-act="${name}"]`).setAttribute("aria-pressed", String(mode === name));
    }
    this.root.classList.toggle("is-gesturing", Boolean(mode));
    if (!say) return;
    const { texts } = this;
    this.say(mode ? { trace: texts.trace, move: texts.moveAll }[mode] : { trace: texts.traceOff, move: texts.moveAllOff }[before]);
  }

  traced(places) {
    if (!this.hasRoom(places.length)) return;
    const outside = places.find((place) => !this.covers(place));
    if (outside) {
      this.accepts(outside);
      return;
    }
    const added = places.map((place) => vertexAt({ lat: round(place.lat), lng: round(place.lng) }));
    const vertices = [...this.draft.state.vertices, ...added];
    this.selected = -1;
    this.setMode("");
    this.draft.apply({ vertices, finished: this.isEnough(vertices) });
    this.sayDone(this.texts.traced);
  }

  shifted(by) {
    const vertices = this.draft.state.vertices.map((vertex) => {
      if (!vertex.at) return vertex;
      const moved = by(this.L.latLng(vertex.at));
      return vertexAt({ lat: round(moved.lat), lng: round(moved.lng) });
    });
    if (vertices.some(({ at }) => at && !this.covers(at))) {
      this.say(fill(this.texts.movedOut, { perimeter: this.root.dataset.perimeter }));
      this.show();
      return;
    }
    this.draft.apply({ vertices });
    this.sayDone(this.texts.movedAll);
  }

  // ── Places ─────────────────────────────────────────────────────────────────────────────────────

  goTo(id) {
    const bounds = id ? this.territories?.boundsOf(id) : this.home;
    if (bounds) this.map.fitBounds(bounds, { padding: [8, 8], animate: !this.still });
  }

  async locate() {
    this.say(this.texts.locating);
    try {
      const here = this.L.latLng(await myPosition());
      if (this.add(here)) this.map.setView(here, Math.max(this.map.getZoom(), CLOSE_ZOOM));
    } catch {
      this.say(this.texts.noPosition);
    }
  }

  async search() {
    const text = this.address.value.trim();
    if (text.length < 2) {
      this.say(this.texts.typeFirst);
      this.address.focus();
      return;
    }
    const { available, places } = await findPlaces(this.root, text);
    offer(this.root.querySelector("[data-results]"), places, (place) => this.choose(place));
    if (!available) this.say(this.texts.searchDown);
    else if (!places.length) this.say(this.texts.nothingFound);
    else this.say(fill(this.texts.found, { count: places.length }));
  }

  /** A territory shows where it is; any other place is precise enough to be the point. */
  choose(place) {
    const known = [...(this.territory?.options ?? [])].some((each) => each.value === String(place.territory));
    const at = this.L.latLng(place.latitude, place.longitude);
    if (place.territory && known) {
      this.territory.value = String(place.territory);
      this.goTo(place.territory);
      this.say(fill(this.texts.centred, { place: place.label }));
    } else {
      this.map.setView(at, CLOSE_ZOOM, { animate: !this.still });
      if (this.draft.state.kind !== "point" || !this.add(at)) this.say(fill(this.texts.centred, { place: place.label }));
    }
    if (!this.stage.small || this.stage.isOpen) this.map.getContainer().focus();
  }
}
