// Ranks: by the list beside each project, or by the buttons of "my ranking"; never by dragging.
export function ranking({ form, entries, terms, say, valueOf, update, explain, announce }) {
  const list = form.querySelector("[data-ranking]");
  const names = say("ranks").split("|");
  let before = new Map();

  const titled = (name, entry, more = {}) => say(name, { title: entry.title, ...more });
  const at = (rank, but) => entries.find((entry) => entry !== but && valueOf(entry) === rank);
  const remember = () => {
    before = new Map(entries.map((entry) => [entry, valueOf(entry)]));
  };

  // Who had that rank takes the one that this project leaves, or none.
  function place(entry, rank) {
    const former = before.get(entry) ?? 0;
    const other = rank ? at(rank, entry) : undefined;
    entry.control.value = rank || "";
    if (other) other.control.value = former || "";
    update();
    if (other) explain(entry, titled(former ? "rank_taken" : "rank_lost", other));
    else explain(entry, "");
  }

  function draw() {
    remember();
    const ranked = entries.filter((entry) => valueOf(entry)).sort((a, b) => valueOf(a) - valueOf(b));
    list.hidden = ranked.length === 0;
    list.querySelector("ol").replaceChildren(...ranked.map(line));
  }

  function line(entry, place_, all) {
    const rank = valueOf(entry);
    const item = document.createElement("li");
    const name = document.createElement("span");
    const strong = document.createElement("strong");
    strong.textContent = names[rank - 1];
    name.append(strong, ` ${entry.title}`);
    item.append(name, move(entry, rank - 1, "up"), move(entry, rank + 1, "down"));
    const remove = control(entry, "unrank", "×", "unrank");
    remove.addEventListener("click", () => {
      place(entry, 0);
      announce(titled("unrank", entry));
      (list.hidden ? entry.control : list.querySelector("button")).focus();
    });
    item.append(remove);
    return item;
  }

  function move(entry, rank, way) {
    const made = control(entry, `move_${way}`, way === "up" ? "↑" : "↓", way);
    made.disabled = rank < 1 || rank > terms.max;
    made.addEventListener("click", () => {
      place(entry, rank);
      announce(titled("moved", entry, { rank: names[rank - 1] }));
      const again = list.querySelector(`[data-move="${way}-${entry.id}"]`);
      const other = list.querySelector(`[data-move="${way === "up" ? "down" : "up"}-${entry.id}"]`);
      (again.disabled ? other : again).focus();
    });
    return made;
  }

  function control(entry, text, sign, way) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "b-step";
    made.textContent = sign;
    made.dataset.move = `${way}-${entry.id}`;
    made.setAttribute("aria-label", titled(text, entry));
    return made;
  }

  remember();
  return {
    changed: (entry) => place(entry, valueOf(entry)),
    reason: () => "",
    update: draw,
  };
}
