// What is being drawn, and everything it has been: each change is a new state, so undo is exact.
import { readPosition, writePosition } from "./notation.js";

const KEPT = 200; // states to go back to

/**
 * A vertex is `{text, at}`: what is written on its line, and where it is (`{lat, lng}`), or null while
 * its text is still to be looked up. A state is `{kind, vertices, finished}` and never changes.
 */
export class Draft {
  constructor(state, changed) {
    this.state = state;
    this.changed = changed;
    this.past = [];
    this.future = [];
  }

  /** Take a new state; `parts` are those that change. */
  apply(parts) {
    this.past = [...this.past.slice(1 - KEPT), this.state];
    this.future = [];
    this.state = { ...this.state, ...parts };
    this.changed();
  }

  undo() {
    return this.#step(this.past, this.future);
  }

  redo() {
    return this.#step(this.future, this.past);
  }

  #step(from, to) {
    if (!from.length) return false;
    to.push(this.state);
    this.state = from.pop();
    this.changed();
    return true;
  }

  get placed() {
    return this.state.vertices.filter((vertex) => vertex.at).map((vertex) => vertex.at);
  }
}

export function vertexAt(at) {
  return { text: writePosition(at), at };
}

export function vertexOf(text) {
  return { text: text.trim(), at: readPosition(text) };
}

export function readLines(text) {
  return text.split(/\r\n|\r|\n/).filter((line) => line.trim()).map(vertexOf);
}

export function writeLines(vertices) {
  return vertices.map((vertex) => vertex.text).join("\n");
}

/** How many points a kind needs before it can be finished. */
export const NEEDED = { point: 1, line: 2, area: 3 };
