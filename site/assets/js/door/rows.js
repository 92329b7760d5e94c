// The lines of the page: what the site says, then what this phone noted since.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** Lines by number of registration. */
export class Rows {
  constructor(root, texts) {
    this.list = root.querySelector("[data-rows]");
    this.none = root.querySelector("[data-none]");
    this.texts = texts;
    this.byId = new Map();
    this.byTicket = new Map();
    for (const line of this.list.querySelectorAll("[data-id]")) {
      this.byId.set(Number(line.dataset.id), line);
      this.byTicket.set(line.dataset.ticket, line);
    }
  }

  find({ ticket, id }) {
    return this.byTicket.get(ticket) ?? this.byId.get(id) ?? null;
  }

  /** Write that a party arrived at `time` (empty: that it did not), under the key of its check-in. */
  mark(line, { time, came, key, waits = false }) {
    const said = `${time}|${came}|${key}|${waits}`;
    if (line.dataset.shown === said) return;
    Object.assign(line.dataset, { time, came, key, shown: said });
    line.classList.toggle("door-row--waits", waits);
    const arriving = line.querySelector("[data-in-form]");
    const leaving = line.querySelector("[data-out-form]");
    if (!arriving) return;
    const held = line.contains(document.activeElement);
    arriving.hidden = Boolean(time);
    leaving.hidden = !time;
    leaving.elements.key.value = key;
    let words = time ? this.texts.arrived.replace("{time}", time) : "";
    if (time && Number(line.dataset.seats) > 1) words += ` (${came})`;
    if (waits) words += ` – ${this.texts.waiting}`;
    line.querySelector("[data-when]").textContent = words;
    if (held) (time ? leaving : arriving).querySelector("button").focus();
  }

  /** What the site says of each line. */
  take(rows) {
    for (const [id, [time, came, key]] of Object.entries(rows)) {
      const line = this.byId.get(Number(id));
      if (line) this.mark(line, { time, came, key });
    }
  }

  search(text) {
    const wanted = plain(text.trim());
    let shown = 0;
    for (const line of this.byId.values()) {
      line.hidden = !plain(line.dataset.name).includes(wanted);
      shown += line.hidden ? 0 : 1;
    }
    this.none.hidden = shown > 0 || !this.byId.size;
  }
}
