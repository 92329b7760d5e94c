// Where things are: a position that is written, a place looked up by name, one's own position.
import { fill } from "../leaflet.js";
import { findPlaces, myPosition, offer } from "../places.js";
import { vertexOf } from "./draft.js";

export const CLOSE_ZOOM = 16; // near enough to see a house

export class Finding {
  /** @param tools the drawing's own, which add points and speak. */
  constructor(tools) {
    this.tools = tools;
  }

  /** What somebody wrote on a point's line: a position, or a place to look up. */
  async write(index, text) {
    const { tools } = this;
    const { vertices } = tools.draft.state;
    const written = vertexOf(text);
    if (written.text === vertices[index]?.text) return;
    if (!written.text) {
      tools.rows.draw(tools.draft.state, tools.selected); // an empty line changes nothing: a button removes
      return;
    }
    if (written.at && !tools.accepts(written.at)) {
      tools.replace(index, written); // kept as written: the server says it again
      return;
    }
    tools.replace(index, written);
    if (written.at) tools.sayDone(fill(tools.texts.moved, { number: index + 1 }));
    else await this.lookUp(written.text, (at) => {
      // The list may have changed while the answer came.
      const place = tools.draft.state.vertices.indexOf(written);
      if (place >= 0) tools.move(place, at);
    });
  }

  /** The text field under the list: the way to draw without pointing at anything. */
  async append() {
    const { tools } = this;
    const written = vertexOf(tools.fresh.value);
    if (!written.text) {
      tools.say(tools.texts.typeFirst);
      return;
    }
    const take = (at) => {
      if (tools.add(at)) tools.fresh.value = "";
    };
    if (written.at) take(written.at);
    else await this.lookUp(written.text, take);
  }

  async lookUp(text, take) {
    const { tools } = this;
    const found = await findPlaces(tools.root, text);
    if (!found) return;
    const { available, places } = found;
    offer(tools.candidates, [], null);
    if (!available) tools.say(tools.texts.searchDown);
    else if (!places.length) tools.say(tools.texts.nothingFound);
    else if (places.length === 1) take({ lat: places[0].latitude, lng: places[0].longitude });
    else {
      offer(tools.candidates, places, (place) => take({ lat: place.latitude, lng: place.longitude }));
      tools.say(fill(tools.texts.severalFound, { count: places.length, text }));
    }
  }

  goTo(id) {
    const { tools } = this;
    const bounds = id ? tools.territories?.boundsOf(id) : tools.home;
    if (bounds) tools.map.fitBounds(bounds, { padding: [8, 8], animate: !tools.still });
  }

  async locate() {
    const { tools } = this;
    tools.say(tools.texts.locating);
    const position = await myPosition().catch(() => null);
    if (!position) {
      tools.say(tools.texts.noPosition);
      return;
    }
    const here = tools.L.latLng(position);
    if (tools.add(here)) tools.map.setView(here, Math.max(tools.map.getZoom(), CLOSE_ZOOM));
  }

  async search() {
    const { tools } = this;
    const text = tools.address.value.trim();
    if (text.length < 2) {
      tools.say(tools.texts.typeFirst);
      tools.address.focus();
      return;
    }
    const found = await findPlaces(tools.root, text);
    if (!found) return;
    const { available, places } = found;
    offer(tools.root.querySelector("[data-results]"), places, (place) => this.choose(place));
    if (!available) tools.say(tools.texts.searchDown);
    else if (!places.length) tools.say(tools.texts.nothingFound);
    else tools.say(fill(tools.texts.found, { count: places.length }));
  }

  /** A territory shows where it is; any other place is precise enough to be the point. */
  choose(place) {
    const { tools } = this;
    const known = [...(tools.territory?.options ?? [])].some((each) => each.value === String(place.territory));
    const at = tools.L.latLng(place.latitude, place.longitude);
    if (place.territory && known) {
      tools.territory.value = String(place.territory);
      this.goTo(place.territory);
      tools.say(fill(tools.texts.centred, { place: place.label }));
    } else {
      tools.map.setView(at, CLOSE_ZOOM, { animate: !tools.still });
      if (tools.draft.state.kind !== "point" || !tools.add(at)) tools.say(fill(tools.texts.centred, { place: place.label }));
    }
    if (!tools.stage.small || tools.stage.isOpen) tools.map.getContainer().focus();
  }
}
