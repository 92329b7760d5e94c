// What is marked, what is left, and why a project can't be chosen now. The choice is kept in this
// tab while one reads the page of a project. Whoever counts checks everything again.
import { pointing } from "./pointing.js";
import { ranking } from "./ranking.js";
import { announcer, money } from "./texts.js";

export function choosing(form, terms, say) {
  const entries = [...form.querySelectorAll("[data-project]")].map((control) => ({
    control,
    id: Number(control.dataset.project),
    cost: Number(control.dataset.cost),
    title: control.dataset.title ?? control.labels[0].textContent.trim(),
    card: control.closest(".choice-card"),
  }));
  const isTick = (control) => ["checkbox", "radio"].includes(control.type);
  const isMarked = (entry) => valueOf(entry) > 0;
  const most = terms.max ?? Infinity;
  const isKnapsack = terms.kind === "knapsack";
  const count = form.querySelector("[data-count]");
  const meter = form.querySelector("[data-meter]");
  const announce = announcer(form.querySelector("[data-announce]"));
  const memory = `ballot-${terms.memory}`;
  const ways = { cumulative: pointing, ordinal: ranking };
  const way = ways[terms.kind]?.({ form, entries, terms, say, valueOf, update, explain, announce });
  bringBack();
  update();
  form.addEventListener("change", changed);

  function valueOf({ control }) {
    if (isTick(control)) return control.checked ? 1 : 0;
    if (control.type === "hidden" && control.name === "choix") return control.disabled ? 0 : 1;
    return Math.max(0, Math.trunc(Number(control.value)) || 0);
  }

  function bringBack() {
    const kept = JSON.parse(sessionStorage.getItem(memory) || "{}");
    if (entries.some(isMarked)) return;
    for (const { control, id } of entries) {
      if (isTick(control)) control.checked = Boolean(kept[id]);
      else if (kept[id]) control.value = kept[id];
    }
  }

  // The marked projects, best first when ranked.
  function marks() {
    const marked = entries
      .filter(isMarked)
      .map((entry) => ({ ...entry, value: valueOf(entry) }));
    if (terms.kind === "ordinal") marked.sort((a, b) => a.value - b.value);
    return marked;
  }

  function totals() {
    const marked = marks();
    const spent = marked.reduce((sum, { cost }) => sum + cost, 0);
    const points = way?.gives === "points" ? marked.reduce((sum, { value }) => sum + value, 0) : 0;
    return { count: marked.length, spent, left: terms.money - spent, points };
  }

  function soFar({ count: number, left, points }) {
    if (terms.kind === "cumulative") {
      const name = points > terms.points ? "points_over" : "points_of";
      const more = Math.abs(terms.points - points);
      return say(name, { given: points, max: terms.points, left: more, over: more });
    }
    const words = [
      most === Infinity
        ? say(number > 1 ? "chosen_many" : "chosen_one", { count: number })
        : say("chosen_of", { count: number, max: most }),
    ];
    if (isKnapsack) words.push(say(left < 0 ? "too_much" : "left", { money: money(Math.abs(left)) }));
    return words.join(" · ");
  }

  function update() {
    const now = totals();
    const sentence = soFar(now);
    if (count.textContent !== sentence) {
      count.textContent = sentence;
      announce(sentence);
    }
    if (meter) meter.value = Math.min(isKnapsack ? now.spent : now.points, meter.max);
    for (const entry of entries) {
      const isOn = isMarked(entry);
      entry.reason = isOn ? "" : (way?.reason?.(now) ?? reason(entry, now));
      if (!entry.card) continue;
      entry.card.classList.toggle("is-chosen", isOn);
      entry.card.classList.toggle("is-unavailable", entry.reason !== "");
      if (isTick(entry.control)) {
        entry.control.setAttribute("aria-disabled", entry.reason ? "true" : "false");
      }
      if (!entry.reason) explain(entry, "");
    }
    way?.update?.();
    sessionStorage.setItem(
      memory,
      JSON.stringify(Object.fromEntries(marks().map(({ id, value }) => [id, value]))),
    );
  }

  function reason({ cost }, now) {
    if (terms.kind === "choose_one" || terms.kind === "ordinal") return "";
    if (now.count >= most) return say("too_many", { max: most });
    if (isKnapsack && cost > now.left) return say("too_costly", { money: money(cost - now.left) });
    return "";
  }

  // Say beside a project why it stays as it is; nothing when `text` is empty.
  function explain({ card }, text) {
    const refusal = card?.querySelector("[data-refusal]");
    if (!refusal) return;
    refusal.textContent = text;
    refusal.hidden = text === "";
    if (text) announce(text);
  }

  function changed(event) {
    const entry = entries.find(({ control }) => control === event.target);
    if (!entry) return;
    if (way) return way.changed(entry);
    const { control, reason: why } = entry;
    if (control.type === "radio") {
      // What the filter had kept gives way.
      for (const other of entries) if (other.control.type === "hidden") other.control.disabled = true;
    } else if (control.checked && why) {
      // What does not fit stays unticked, and the reason is said beside it.
      control.checked = false;
      update();
      return explain(entry, why);
    }
    update();
  }

  // Why this is no ballot yet, as sentences.
  function problems() {
    const now = totals();
    const found = [];
    if (now.count < terms.min) {
      found.push(
        terms.min === 1 && now.count === 0
          ? say("too_few_one")
          : say("too_few_chosen", { min: terms.min, count: now.count }),
      );
    }
    if (now.count > most) found.push(say("too_many_chosen", { max: most, count: now.count }));
    if (isKnapsack && now.left < 0) found.push(say("over_budget", { money: money(-now.left) }));
    if (terms.points !== null && now.points > terms.points) {
      found.push(say("too_many_points", { max: terms.points, given: now.points }));
    }
    return found;
  }

  // Show problems above the ballot; true when there is none.
  function refuse(found) {
    const box = document.querySelector("[data-problems]");
    box.hidden = found.length === 0;
    box.querySelector("ul").replaceChildren(
      ...found.map((text) => {
        const item = document.createElement("li");
        item.textContent = text;
        return item;
      }),
    );
    if (found.length) box.focus();
    return found.length === 0;
  }

  return { marks, problems, refuse, forget: () => sessionStorage.removeItem(memory) };
}
