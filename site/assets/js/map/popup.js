// What a marker opens: a card that links to the page. Esc closes it and gives the focus back.

export class Popup {
  constructor(L, map, texts, markerOf) {
    Object.assign(this, { L, map, texts, markerOf });
    this.opener = null;
    this.leaflet = null;
    map.getContainer().addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.leaflet?.isOpen()) return;
      event.stopPropagation();
      this.close();
    });
  }

  /** @param opener the id of a feature, or the element to give the focus back to. */
  show(features, place, opener) {
    const cards = features.map((feature) => this.card(feature));
    this.open(cards, place, opener, typeof opener === "string" ? -34 : -14);
  }

  /** @param cards elements to show; `lift` is how far above the place, in pixels (negative). */
  open(cards, place, opener, lift) {
    this.opener = opener;
    const content = document.createElement("div");
    content.className = "map-card";
    content.append(...cards);
    const close = document.createElement("button");
    close.type = "button";
    close.className = "map-card__close";
    close.setAttribute("aria-label", this.texts.close);
    close.title = this.texts.close;
    close.append("×");
    close.addEventListener("click", () => this.close());
    content.append(close);
    this.leaflet = this.L.popup({
      className: "map-popup",
      closeButton: false,
      closeOnEscapeKey: false,
      maxWidth: 290,
      minWidth: 200,
      maxHeight: 260,
      offset: [0, lift],
      autoPanPadding: [16, 16],
    })
      .setLatLng(place)
      .setContent(content)
      .openOn(this.map);
    this.content = content;
    this.focusFirst();
  }

  focusFirst() {
    this.content.querySelector("a, button").focus({ preventScroll: true });
  }

  card(feature) {
    const { title, url, category, status, summary } = feature.properties;
    const card = document.createElement("article");
    card.className = "map-card__item";
    const facts = [category, status].filter(Boolean).join(" · ");
    if (facts) card.append(line("map-card__facts", facts));
    const name = document.createElement(url ? "a" : "strong");
    name.className = "map-card__title";
    name.textContent = title;
    if (url) name.setAttribute("href", url);
    card.append(name);
    if (summary) card.append(line("map-card__summary", summary));
    return card;
  }

  close() {
    this.leaflet?.close();
    const element = typeof this.opener === "string" ? this.markerOf(this.opener) : this.opener;
    (element?.isConnected ? element : this.map.getContainer()).focus({ preventScroll: true });
  }
}

function line(className, text) {
  const paragraph = document.createElement("p");
  paragraph.className = className;
  paragraph.textContent = text;
  return paragraph;
}
