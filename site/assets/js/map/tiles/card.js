// What a single opens: a card written by the server; several at one place first make a list.
import { fill } from "../leaflet.js";

/** A card that fills itself; it says so while it waits and when nothing comes. */
export function fetchedCard(url, id, texts) {
  const card = document.createElement("div");
  card.className = "map-card__fetched";
  card.append(line(texts.loading));
  card.ready = load(card, url.replace("{id}", encodeURIComponent(id)), texts);
  return card;
}

async function load(card, url, texts) {
  try {
    const response = await fetch(url, { headers: { Accept: "text/html" }, credentials: "same-origin" });
    if (!response.ok) throw new Error(`${url}: ${response.status}`);
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    card.replaceChildren(...page.body.childNodes);
  } catch {
    card.replaceChildren(line(texts.cardFailed));
  }
}

/** Several things under one finger: which one? */
export function choice(found, { nameOf, choose, texts }) {
  const box = document.createElement("div");
  const title = document.createElement("p");
  title.className = "map-card__facts";
  title.textContent = fill(texts.several, { count: found.length });
  const list = document.createElement("ul");
  list.className = "map-card__choice";
  for (const single of found) {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "map-card__choose";
    button.textContent = nameOf(single);
    button.addEventListener("click", () => choose(single));
    item.append(button);
    list.append(item);
  }
  box.append(title, list);
  return box;
}

function line(text) {
  const paragraph = document.createElement("p");
  paragraph.textContent = text;
  return paragraph;
}
