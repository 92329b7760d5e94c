// The list of points beside the map: everything the map does, with a keyboard and a text field.
import { fill } from "../leaflet.js";

const LISTED = 100; // rows at once; the text holds them all

export class Rows {
  /**
   * `act` has onSelect(index), onWrite(index, text), onInsert(index), onSwap(index, other),
   * onRemove(index).
   */
  constructor(list, note, { texts, sprite }, act) {
    Object.assign(this, { list, note, texts, sprite, act });
    this.from = 0;
  }

  draw({ vertices }, selected) {
    this.count = vertices.length;
    const wanted = Math.max(0, Math.min(selected - LISTED / 2, this.count - LISTED));
    if (this.count <= LISTED) this.from = 0;
    else if (selected < this.from || selected >= this.from + LISTED) this.from = wanted;
    this.from = Math.min(this.from, Math.max(0, this.count - LISTED));
    const shown = vertices.slice(this.from, this.from + LISTED);
    this.list.start = this.from + 1;
    // Rows are kept and refilled: the focus must not fall from under somebody's hands.
    while (this.list.children.length > shown.length) this.list.lastElementChild.remove();
    while (this.list.children.length < shown.length) this.list.append(this.#row());
    shown.forEach((vertex, place) => this.#fill(this.list.children[place], vertex, this.from + place, selected));
    this.note.hidden = shown.length === this.count;
    this.note.textContent = fill(this.texts.windowed, { shown: shown.length, count: this.count });
  }

  /** Put the focus in a row: on its text, or on one of its buttons. */
  focus(index, part = "text") {
    const row = this.list.children[index - this.from];
    row?.querySelector(`[data-row="${part}"]`)?.focus();
  }

  #row() {
    const row = document.createElement("li");
    row.className = "drawing__point";
    const input = document.createElement("input");
    input.type = "text";
    input.autocomplete = "off";
    input.dataset.row = "text";
    const at = () => this.from + [...this.list.children].indexOf(row);
    input.addEventListener("focus", () => this.act.onSelect(at()));
    input.addEventListener("change", () => this.act.onWrite(at(), input.value));
    input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault(); // Enter would send the form
      this.act.onWrite(at(), input.value);
    });
    const remove = this.#button("remove", "x", () => this.act.onRemove(at()));
    const more = document.createElement("span");
    more.className = "drawing__row-tools";
    more.append(
      this.#button("before", "row-insert-top", () => this.act.onInsert(at())),
      this.#button("after", "row-insert-bottom", () => this.act.onInsert(at() + 1)),
      this.#button("up", "arrow-up", () => this.act.onSwap(at(), at() - 1)),
      this.#button("down", "arrow-down", () => this.act.onSwap(at(), at() + 1)),
    );
    const number = document.createElement("span");
    number.className = "drawing__number";
    number.setAttribute("aria-hidden", "true");
    row.append(number, input, remove, more);
    return row;
  }

  #button(part, icon, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "drawing__icon";
    button.dataset.row = part;
    button.append(glyph(this.sprite, icon));
    button.addEventListener("click", () => {
      if (button.getAttribute("aria-disabled") !== "true") act();
    });
    return button;
  }

  #fill(row, vertex, index, selected) {
    const number = index + 1;
    const isSelected = index === selected;
    row.querySelector(".drawing__number").textContent = number;
    row.classList.toggle("is-selected", isSelected);
    row.classList.toggle("is-unplaced", !vertex.at);
    row.querySelector(".drawing__row-tools").hidden = !isSelected;
    const input = row.querySelector("input");
    if (input.value !== vertex.text) input.value = vertex.text;
    input.setAttribute("aria-label", fill(this.texts.pointOf, { number }));
    if (isSelected) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
    for (const part of ["before", "after", "up", "down", "remove"]) {
      const button = row.querySelector(`[data-row="${part}"]`);
      const name = fill(this.texts[part], { number });
      button.setAttribute("aria-label", name);
      button.title = name;
    }
    row.querySelector('[data-row="up"]').setAttribute("aria-disabled", String(index === 0));
    row.querySelector('[data-row="down"]').setAttribute("aria-disabled", String(index === this.count - 1));
  }
}

export function glyph(sprite, name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${sprite}#${name}`);
  svg.append(use);
  return svg;
}
