// What is drawn: a point, a line or an area, chosen here or by another field of the form.
import { counted, fill, readJson } from "../leaflet.js";

export class Kinds {
  /** @param tools the drawing's own. */
  constructor(tools) {
    this.tools = tools;
    this.inputs = [...tools.root.querySelectorAll('[data-part="kind"]')];
  }

  listen() {
    for (const input of this.inputs) input.addEventListener("change", () => this.set(this.chosen()));
  }

  /** Tick the kind of a drawing that came back. */
  show(kind) {
    for (const input of this.inputs) input.checked = input.value === kind;
  }

  chosen() {
    return (this.inputs.find((input) => input.type === "hidden" || input.checked) ?? this.inputs[0]).value;
  }

  set(kind) {
    const { tools } = this;
    const { vertices } = tools.draft.state;
    if (kind === tools.draft.state.kind) return;
    tools.modes.set("");
    // The points not kept come back with "undo".
    const kept = kind === "point" ? vertices.slice(0, 1) : vertices;
    tools.selected = -1;
    tools.draft.apply({ kind, vertices: kept, finished: false });
    tools.sayDone(fill(tools.texts.kindChanged, { kind: counted(tools.texts.kinds[kind], kept.length) }));
  }

  /** Another field of the form says which kinds are allowed. */
  follow() {
    const { tools } = this;
    const { kindsFrom, kindsBy } = tools.root.dataset;
    const form = tools.root.closest("form");
    if (!kindsFrom || !form || this.inputs.length < 2) return;
    const allowed = readJson(kindsBy);
    const obey = () => {
      const chosen = new FormData(form).get(kindsFrom) ?? "";
      const kinds = allowed[chosen] ?? this.inputs.map((input) => input.value);
      for (const input of this.inputs) {
        input.disabled = !kinds.includes(input.value);
        input.closest("label").hidden = input.disabled;
      }
      if (kinds.includes(this.chosen()) || !kinds.length) return;
      for (const input of this.inputs) input.checked = input.value === kinds[0];
      this.set(kinds[0]);
    };
    form.addEventListener("change", (event) => { if (event.target.name === kindsFrom) obey(); });
    obey();
  }
}
