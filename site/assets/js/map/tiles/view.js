// A map of many things, read tile by tile. The page lists the same things.
import { makeMap } from "../canvas.js";
import { counted, fill, readJson } from "../leaflet.js";
import { syncList } from "../list.js";
import { myPosition } from "../places.js";
import { Popup } from "../popup.js";
import { Buttons } from "./buttons.js";
import { choice, fetchedCard } from "./card.js";
import { makeTileLayer } from "./layer.js";
import { switchLayers } from "./references.js";
import { Symbols } from "./symbols.js";

const MAX_CHOICES = 20;
const CLOSER = 2; // zooms that a group opens by
const STREET = 16;

/** Show the map of `root`; rejects when it cannot, so that the caller leaves the list alone. */
export async function showTiledMap(root) {
  const categories = readJson(root.dataset.categories);
  const made = await makeMap(root, { wholeZooms: true });
  const symbols = new Symbols(root, categories, root.dataset.sprite);
  await symbols.load();
  new TiledMap(root, made, symbols).start();
  root.classList.add("is-ready");
  root.querySelector("[data-map-failure]")?.remove();
}

class TiledMap {
  constructor(root, { L, map, texts, still }, symbols) {
    Object.assign(this, { root, L, map, texts, still, symbols });
    this.status = root.querySelector("[data-map-status]");
    this.reach = window.matchMedia("(pointer: coarse)").matches ? 22 : 12;
    this.layer = makeTileLayer(L, map, {
      url: root.dataset.tilesUrl,
      symbols,
      changed: () => this.soon(),
      failed: () => this.lack(),
    });
    this.popup = new Popup(L, map, texts, (id) => this.buttons.elementOf(id));
    this.list = syncList(root.dataset.list, (id, on, item) => this.highlight(id, on, item));
    this.buttons = new Buttons({
      L, map, layer: this.layer, symbols, texts, list: this.list,
      acts: {
        openCluster: (cluster, element) => this.openCluster(cluster, element),
        openSingle: (single, element) => this.open([single], single.latlng, element),
      },
    });
  }

  start() {
    this.layer.addTo(this.map);
    this.map.on("moveend zoomend", () => this.counting());
    this.layer.on("loading", () => {
      this.isLacking = false;
    });
    this.layer.on("load", () => this.settled());
    this.map.on("click", (event) => this.pick(event.latlng));
    this.map.on("mousemove", (event) => this.hover(event.latlng));
    this.map.on("mouseout", () => this.hover(null));
    this.root.querySelector('[data-act="around"]')?.addEventListener("click", () => this.around());
    if (this.root.querySelector("[data-layers]")) {
      switchLayers(this.L, this.map, this.root, { symbols: this.symbols, texts: this.texts });
    }
    for (const element of this.root.querySelectorAll("[data-needs-map]")) element.hidden = false;
    this.drawLegend();
    this.followScheme();
    this.followAddress();
    this.soon();
  }

  /** Once per picture, however many tiles came. */
  soon() {
    this.frame ??= requestAnimationFrame(() => {
      this.frame = null;
      this.announce(this.buttons.arrange());
      if (this.pointedAt) this.highlight(this.pointedAt.id, true, this.pointedAt.item);
    });
  }

  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  /** Say what was asked for: tiles that come after it do not take its place by their count. */
  answer(text) {
    clearTimeout(this.timer);
    this.hasAnswered = true;
    this.say(text);
  }

  /** The frame or the filter changed: the count is what one wants to know again. */
  counting() {
    this.hasAnswered = false;
    this.soon();
  }

  /** A tile did not come: no count may say that there is nothing there. */
  lack() {
    this.isLacking = true;
    this.say(this.texts.tilesFailed);
  }

  announce(count) {
    clearTimeout(this.timer);
    if (this.hasAnswered) return;
    this.timer = setTimeout(() => {
      const found = count ? counted(this.texts.all, count) : this.texts.noneHere;
      this.say(this.isLacking ? this.texts.tilesFailed : found);
    }, 250);
  }

  /** All tiles of the frame are there: a focus that waited for its button may go to it. */
  settled() {
    if (!this.focusNear) return;
    const place = this.focusNear;
    this.focusNear = null;
    requestAnimationFrame(() => {
      this.buttons.arrange();
      (this.buttons.nearest(place) ?? this.map.getContainer()).focus({ preventScroll: true });
    });
  }

  openCluster({ latlng }, element) {
    if (this.map.getZoom() >= this.map.getMaxZoom()) {
      this.answer(this.texts.deepest);
      return;
    }
    if (element === document.activeElement) {
      // The button goes away with its zoom: the map holds the focus until what it held is there.
      this.focusNear = latlng;
      this.map.getContainer().focus({ preventScroll: true });
    }
    this.map.setView(latlng, Math.min(this.map.getZoom() + CLOSER, this.map.getMaxZoom()), {
      animate: !this.still,
    });
  }

  /** @param found singles; one opens its card, several are chosen from. */
  open(found, latlng, opener) {
    const card = (single) => this.cardOf(single);
    if (found.length === 1) {
      this.show(card(found[0]), latlng, opener ?? found[0].id);
      return;
    }
    const content = choice(found.slice(0, MAX_CHOICES), {
      nameOf: (single) => this.buttons.nameOf(single.properties, single.id),
      choose: (single) => this.show(card(single), latlng, opener ?? this.map.getContainer()),
      texts: this.texts,
    });
    this.show(content, latlng, opener ?? this.map.getContainer());
  }

  /** The server's own card; without one, what the tile says. */
  cardOf({ id, properties }) {
    if (this.root.dataset.popupUrl) return fetchedCard(this.root.dataset.popupUrl, id, this.texts);
    return this.popup.card({
      properties: {
        ...properties,
        title: properties.title ?? fill(this.texts.unnamed, { id }),
        category: this.symbols.category(properties.category).label,
      },
    });
  }

  show(content, latlng, opener) {
    this.popup.open([content], latlng, opener, -8);
    // The card's own link is where one goes next; it comes a moment later.
    content.ready?.then(() => {
      this.popup.leaflet?.update();
      if (content.isConnected) this.popup.focusFirst();
    });
  }

  pick(latlng) {
    const found = this.layer.near(latlng, this.reach);
    if (found.length) this.open(found.map(({ feature }) => feature), latlng, null);
  }

  /** The pointer over a single: a hand, its ring, and its line in the list. */
  hover(latlng) {
    this.hoverFrame ??= requestAnimationFrame(() => {
      this.hoverFrame = null;
      const id = this.hoverAt ? this.layer.near(this.hoverAt, this.reach)[0]?.feature.id : undefined;
      if (id === this.hovered) return;
      if (this.hovered) this.list.lightUp(this.hovered, false);
      if (id) this.list.lightUp(id, true);
      this.hovered = id;
      this.map.getContainer().classList.toggle("is-over-single", Boolean(id));
      this.highlight(id, Boolean(id));
    });
    this.hoverAt = latlng;
  }

  /** A ring round a single; the list may say where one is that the map shows in a group. */
  highlight(id, on, item) {
    this.ring?.remove();
    this.ring = null;
    this.pointedAt = on && item ? { id, item } : null;
    if (!on) return;
    const place = this.placeOf(id, item);
    if (!place) return;
    this.ring = this.L.marker(place, {
      icon: this.L.divIcon({ className: "map-ring", iconSize: null }),
      interactive: false,
      keyboard: false,
    }).addTo(this.map);
    this.ring.getElement().setAttribute("aria-hidden", "true");
  }

  placeOf(id, item) {
    for (const tile of this.layer.current()) {
      const point = tile.read.points.find((each) => each.id === String(id));
      if (point) return this.layer.placeOf(tile, point.x, point.y);
    }
    const { latitude, longitude } = item?.dataset ?? {};
    return latitude && longitude ? this.L.latLng(Number(latitude), Number(longitude)) : null;
  }

  async around() {
    this.answer(this.texts.locating);
    const position = await myPosition().catch(() => null);
    if (!position) {
      this.answer(this.texts.noPositionHere);
      return;
    }
    const here = this.L.latLng(position);
    if (!this.map.options.maxBounds.contains(here)) {
      this.answer(this.texts.farAway);
      return;
    }
    this.here?.remove();
    this.here = this.L.marker(here, {
      icon: this.L.divIcon({ className: "map-here", iconSize: null }),
      interactive: false,
      keyboard: false,
    }).addTo(this.map);
    this.map.setView(here, Math.max(this.map.getZoom(), STREET), { animate: !this.still });
    // The page may filter its list by this place.
    this.root.dispatchEvent(
      new CustomEvent("map:around", {
        bubbles: true,
        detail: { latitude: here.lat, longitude: here.lng },
      }),
    );
  }

  /** The legend's pictures are the map's own. */
  drawLegend() {
    for (const holder of this.root.querySelectorAll("[data-symbol]")) {
      const key = holder.dataset.symbol;
      const copies = [true, false].map((large) => {
        const picture = this.symbols.draw(this.symbols.category(key), large);
        picture.className = large ? "map-legend__picture" : "map-legend__picture map-legend__picture--small";
        return picture;
      });
      if (holder.dataset.shapes) copies.push(this.symbols.swatch(key));
      holder.replaceChildren(...copies);
    }
  }

  followScheme() {
    const again = () => {
      this.symbols.forget();
      this.layer.redrawAll();
      for (const each of this.symbols.followers) each.redrawAll();
      this.drawLegend();
    };
    window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", again);
    new MutationObserver(again).observe(document.documentElement, {
      attributes: true,
      attributeFilter: ["data-scheme"],
    });
  }

  /** A filter of the page changes `data-tiles-url`: the map follows. */
  followAddress() {
    new MutationObserver(() => {
      this.layer.setUrl(this.root.dataset.tilesUrl);
      this.counting();
    }).observe(this.root, { attributes: true, attributeFilter: ["data-tiles-url"] });
  }
}
