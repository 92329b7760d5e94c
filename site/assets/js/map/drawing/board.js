// The drawing on the map: its shape, its points to drag, the middles of its sides to pull out.
// Everything here is for the eye and the hand; the list beside says and does the same with keys.

const MIDDLES_UP_TO = 60; // with more points than this, the middles would hide them

export class Board {
  /** `act` has onSelect(index), onMove(index, at), onInsert(index, at), onClose(). */
  constructor(L, map, act) {
    Object.assign(this, { L, map, act });
    this.group = L.layerGroup().addTo(map);
    this.handles = [];
  }

  draw({ kind, vertices, finished }, selected) {
    const { L, group } = this;
    group.clearLayers();
    this.handles = [];
    this.shape = null;
    this.closing = null;
    const placed = vertices.flatMap(({ at }, index) => (at ? [{ at, index }] : []));
    this.points = placed.map(({ at }) => at);
    if (kind !== "point" && placed.length > 1) this.#drawShape(kind, finished);
    if (kind !== "point" && placed.length <= MIDDLES_UP_TO) this.#drawMiddles(kind, placed);
    for (const [place, { at, index }] of placed.entries()) {
      const look = kind === "point" ? "map-pin map-pin--chosen" : "drawing-point";
      const isSelected = index === selected && kind !== "point";
      const marker = L.marker(at, {
        icon: L.divIcon({
          className: `${look}${isSelected ? " is-selected" : ""}${place === 0 ? " is-first" : ""}`,
          html: dot(kind === "point" ? "map-pin__body" : "drawing-point__dot"),
          iconSize: null,
        }),
        draggable: true,
        keyboard: false,
        zIndexOffset: isSelected ? 1000 : 0,
      }).addTo(group);
      marker.getElement()?.setAttribute("aria-hidden", "true");
      marker.on("drag", () => this.#preview(place, marker.getLatLng()));
      marker.on("dragend", () => this.act.onMove(index, marker.getLatLng()));
      marker.on("click", () => {
        if (place === 0 && kind === "area" && !finished && placed.length > 2) this.act.onClose();
        else this.act.onSelect(index);
      });
      this.handles.push({ marker, index });
    }
  }

  #drawShape(kind, finished) {
    const { L, group, points } = this;
    const style = { interactive: false, className: `drawing-shape${finished ? "" : " is-open"}` };
    if (kind === "area" && points.length > 2) {
      this.shape = L.polygon(points, { ...style, className: `${style.className} drawing-shape--area` });
    } else {
      this.shape = L.polyline(points, { ...style, fill: false });
    }
    // A pale line under it: the drawing shows on any map.
    this.under = L.polyline(this.#under(kind), { interactive: false, fill: false, className: "drawing-halo" });
    this.under.addTo(group);
    this.shape.addTo(group);
  }

  #under(kind) {
    return kind === "area" && this.points.length > 2 ? [...this.points, this.points[0]] : this.points;
  }

  #drawMiddles(kind, placed) {
    const ends = kind === "area" && placed.length > 2 ? [...placed, placed[0]] : placed;
    for (let i = 1; i < ends.length; i += 1) {
      const [a, b] = [ends[i - 1], ends[i]];
      const middle = this.L.latLng((a.at.lat + b.at.lat) / 2, (a.at.lng + b.at.lng) / 2);
      const marker = this.L.marker(middle, {
        icon: this.L.divIcon({ className: "drawing-middle", html: dot("drawing-middle__dot"), iconSize: null }),
        draggable: true,
        keyboard: false,
        zIndexOffset: -500,
      }).addTo(this.group);
      marker.getElement()?.setAttribute("aria-hidden", "true");
      marker.on("drag", () => this.#pull(i, marker.getLatLng()));
      marker.on("dragend", () => this.act.onInsert(a.index + 1, marker.getLatLng()));
      marker.on("click", () => this.act.onInsert(a.index + 1, middle));
    }
  }

  #preview(place, at) {
    const moved = [...this.points];
    moved[place] = at;
    this.#show(moved);
  }

  #pull(place, at) {
    const pulled = [...this.points];
    pulled.splice(place, 0, at);
    this.#show(pulled);
  }

  #show(points) {
    this.shape?.setLatLngs(points);
    this.under?.setLatLngs(this.shape instanceof this.L.Polygon ? [...points, points[0]] : points);
  }

  /** Show every point shifted, without keeping it. */
  shift(by) {
    const moved = this.points.map(by);
    this.#show(moved);
    for (const [place, { marker }] of this.handles.entries()) marker.setLatLng(moved[place]);
  }

  /** Show a trace under the finger. */
  trace(points) {
    this.line ??= this.L.polyline([], { interactive: false, fill: false, className: "drawing-shape is-open" });
    if (points.length) this.line.setLatLngs(points).addTo(this.map);
    else this.line.remove();
  }

  bounds() {
    return this.points?.length ? this.L.latLngBounds(this.points) : null;
  }
}

function dot(name) {
  const body = document.createElement("span");
  body.className = name;
  return body;
}
