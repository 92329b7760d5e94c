// The location field: the same four inputs as without JavaScript, and a map that fills them.
import { makeMap } from "./canvas.js";
import { fill } from "./leaflet.js";
import { findPlaces, myPosition, offer } from "./places.js";

/** Put a map over the inputs of `root`; rejects when it cannot, and the inputs stay. */
export async function enhanceLocation(root) {
  const needy = [...root.querySelectorAll("[data-needs-map]")];
  // Shown first: a map made in a hidden frame has no size to fit anything into.
  for (const element of needy) element.hidden = false;
  let made;
  try {
    made = await makeMap(root);
  } catch (error) {
    for (const element of needy) element.hidden = true;
    throw error;
  }
  const territories = await made.territories.catch(() => null);
  new LocationPicker(root, made, territories).start();
  root.classList.add("is-ready");
  root.querySelector("[data-map-failure]")?.remove();
}

class LocationPicker {
  constructor(root, { L, map, texts, home, still }, territories) {
    Object.assign(this, { root, L, map, texts, home, still, territories });
    this.marker = null;
    this.status = root.querySelector("[data-map-status]");
    this.inputs = {};
    for (const input of root.querySelectorAll("[data-part]")) {
      this.inputs[input.dataset.part] = input;
    }
  }

  start() {
    const { lat, lon, territory } = this.inputs;
    const canvas = this.map.getContainer();
    this.map.on("click", (event) => this.place(event.latlng));
    canvas.addEventListener("keydown", (event) => {
      if (event.target !== canvas || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault(); // Enter would send the form, Space would scroll
      this.place(this.map.getCenter());
    });
    this.act("place", () => this.place(this.map.getCenter()));
    this.act("remove", () => this.remove());
    this.act("locate", () => this.locate());
    this.act("search", () => this.search());
    this.inputs.address?.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.results([]);
    });
    for (const input of [lat, lon]) input?.addEventListener("change", () => this.read());
    territory?.addEventListener("change", () => this.goTo(territory.value));
    this.read();
    if (!this.marker && territory?.value) this.goTo(territory.value);
  }

  act(name, action) {
    this.root.querySelector(`[data-act="${name}"]`)?.addEventListener("click", action);
  }

  say(text) {
    this.status.textContent = text;
  }

  /** Put the point there, unless it is outside the perimeter: then say so and keep the old one. */
  place(latlng, { quiet = false } = {}) {
    if (this.territories && !this.territories.covers(latlng)) {
      this.say(fill(this.texts.outside, { perimeter: this.root.dataset.perimeter }));
      return false;
    }
    this.inputs.lat.value = latlng.lat.toFixed(6);
    this.inputs.lon.value = latlng.lng.toFixed(6);
    this.draw(latlng);
    const part = this.territories?.find(latlng);
    const select = this.inputs.territory;
    if (part && select && [...select.options].some((each) => each.value === String(part.id))) {
      select.value = String(part.id);
    }
    if (!quiet) {
      this.say(part ? fill(this.texts.placedIn, { territory: part.properties.name }) : this.texts.placed);
    }
    return true;
  }

  draw(latlng) {
    if (!this.marker) {
      this.marker = this.L.marker(latlng, {
        // No size given: our own styles put the drop's point on the place.
        icon: this.L.divIcon({ className: "map-pin map-pin--chosen", html: pinBody(), iconSize: null }),
        draggable: true,
        keyboard: false,
        interactive: true,
      }).addTo(this.map);
      this.marker.on("dragend", () => {
        if (!this.place(this.marker.getLatLng())) this.read();
      });
    }
    this.marker.setLatLng(latlng);
    if (!this.map.getBounds().contains(latlng)) this.map.panTo(latlng);
    this.root.classList.add("has-point");
  }

  remove() {
    this.inputs.lat.value = "";
    this.inputs.lon.value = "";
    this.marker?.remove();
    this.marker = null;
    this.root.classList.remove("has-point");
    this.say(this.texts.removed);
  }

  /** Follow the two coordinate inputs; what isn't a place yet is left for the server to explain. */
  read() {
    const numbers = [this.inputs.lat.value, this.inputs.lon.value].map((text) =>
      text.trim() ? Number(text.trim().replace(",", ".")) : NaN,
    );
    if (numbers.every((number) => Number.isFinite(number) && Math.abs(number) <= 180)) {
      this.draw(this.L.latLng(numbers[0], numbers[1]));
    } else if (this.marker) {
      this.marker.remove();
      this.marker = null;
      this.root.classList.remove("has-point");
    }
  }

  goTo(id) {
    const bounds = id ? this.territories?.boundsOf(id) : this.home;
    if (bounds) this.map.fitBounds(bounds, { padding: [8, 8], animate: !this.still });
  }

  async locate() {
    this.say(this.texts.locating);
    const position = await myPosition().catch(() => null);
    if (!position) {
      this.say(this.texts.noPosition);
      return;
    }
    const here = this.L.latLng(position);
    if (this.place(here)) this.map.setView(here, Math.max(this.map.getZoom(), 16));
  }

  async search() {
    const text = this.inputs.address.value.trim();
    if (text.length < 2) {
      this.say(this.texts.typeFirst);
      this.inputs.address.focus();
      return;
    }
    const found = await findPlaces(this.root, text);
    if (!found) return;
    const { available, places } = found;
    this.results(places);
    if (!available) this.say(this.texts.searchDown);
    else if (!places.length) this.say(this.texts.nothingFound);
    else this.say(fill(this.texts.found, { count: places.length }));
  }

  results(places) {
    offer(this.root.querySelector("[data-results]"), places, (place) => this.choose(place));
  }

  /** A territory shows where it is; any other place is precise enough to be the point. */
  choose(place) {
    const select = this.inputs.territory;
    const known = [...(select?.options ?? [])].some((each) => each.value === String(place.territory));
    if (place.territory && known) {
      select.value = String(place.territory);
      this.goTo(place.territory);
      this.say(fill(this.texts.shownIn, { territory: place.label }));
    } else if (this.place(this.L.latLng(place.latitude, place.longitude))) {
      this.map.setView([place.latitude, place.longitude], 16);
    }
    this.root.querySelector('[data-act="place"]')?.focus();
  }
}

function pinBody() {
  const body = document.createElement("span");
  body.className = "map-pin__body";
  return body;
}
