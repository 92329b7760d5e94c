// The choice read again, made here from what is marked on this page.
import { money } from "./texts.js";

export function reviewing(section, terms, say) {
  const list = section.querySelector("[data-review-list]");
  const fill = (name, text) => {
    const place = section.querySelector(`[data-review-${name}]`);
    if (place) place.textContent = text;
  };

  function line({ title, cost, value }) {
    const item = document.createElement("li");
    const name = document.createElement("span");
    const amount = document.createElement("strong");
    name.textContent = title;
    amount.textContent =
      terms.kind === "cumulative" ? say("review_points", { points: value }) : money(cost);
    item.append(name, " ", amount);
    return item;
  }

  function show(marks) {
    const spent = marks.reduce((sum, { cost }) => sum + cost, 0);
    list.replaceChildren(...marks.map(line));
    fill("count", say(marks.length > 1 ? "projects_many" : "projects_one", { count: marks.length }));
    fill("spent", money(spent));
    fill("left", money(terms.money - spent));
    if (terms.kind === "cumulative") {
      const points = marks.reduce((sum, { value }) => sum + value, 0);
      fill("spent", say("review_points", { points }));
    }
  }

  return { show };
}
