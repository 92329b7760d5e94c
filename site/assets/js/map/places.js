// Addresses: asked of our own server, which asks the service behind.
import { fetchJson } from "./leaflet.js";

const latest = new WeakMap(); // what holds a map → its last search

/**
 * `{available, places}`, or null once something else was searched meanwhile: an answer that comes
 * late does not take the place of the newer one. Never rejects: what is not found is looked up again
 * when the form is sent.
 */
export async function findPlaces(root, text) {
  const search = Symbol(text);
  latest.set(root, search);
  const found = await ask(root, text);
  return latest.get(root) === search ? found : null;
}

async function ask(root, text) {
  const url = new URL(root.dataset.placesUrl, document.baseURI);
  url.searchParams.set("q", text);
  if (root.dataset.within) url.searchParams.set("within", root.dataset.within);
  try {
    return await fetchJson(url);
  } catch {
    return { available: false, places: [] };
  }
}

/** Show places as buttons; `choose(place)` is called once, and the list goes. */
export function offer(list, places, choose) {
  list.hidden = places.length === 0;
  list.replaceChildren(
    ...places.map((place) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "map-place";
      button.textContent = place.label;
      button.addEventListener("click", () => {
        offer(list, [], null);
        choose(place);
      });
      item.append(button);
      return item;
    }),
  );
}

/** Where the person is; asked only when they press. */
export function myPosition() {
  return new Promise((resolve, reject) => {
    if (!navigator.geolocation) {
      reject(new Error("No geolocation"));
      return;
    }
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lng: coords.longitude }),
      reject,
      { enableHighAccuracy: true, timeout: 10_000, maximumAge: 60_000 },
    );
  });
}
