// Groups, and singles when they are few, are real buttons over the drawn tiles: they can be reached,
// named and pressed without a mouse.
import { fill } from "../leaflet.js";
import { buttonIcon, fillCluster } from "../markers.js";

const MAX_SINGLES = 60; // in the frame; above, singles are reached by zooming in or by the list

export class Buttons {
  /** @param {object} acts `openCluster(cluster, element)`, `openSingle(single, element)`. */
  constructor({ L, map, layer, symbols, texts, list, acts }) {
    Object.assign(this, { L, map, layer, symbols, texts, list, acts });
    this.shown = new Map(); // key → {marker, item}
  }

  /** Make the buttons match what the frame shows; what stays keeps its element and its focus. */
  arrange() {
    const frame = this.map.getBounds();
    const wanted = new Map();
    const singles = new Map();
    let count = 0;
    for (const tile of this.layer.current()) {
      const name = this.layer.nameOf(tile.coords);
      tile.read.clusters.forEach((cluster, place) => {
        const latlng = this.layer.placeOf(tile, cluster.x, cluster.y);
        if (!frame.contains(latlng)) return;
        count += cluster.count;
        wanted.set(`cluster-${name}-${place}`, { cluster, latlng });
      });
      for (const point of tile.read.points) {
        if (!this.layer.own(point)) continue;
        const latlng = this.layer.placeOf(tile, point.x, point.y);
        if (frame.contains(latlng)) singles.set(point.id, { single: point, latlng });
      }
    }
    count += singles.size;
    if (singles.size <= MAX_SINGLES) {
      // By place, from top to bottom: the order of the keyboard follows the picture.
      const ordered = [...singles].sort(([, a], [, b]) => b.latlng.lat - a.latlng.lat);
      for (const [id, item] of ordered) wanted.set(`single-${id}`, item);
    }
    for (const [key, { marker }] of this.shown) {
      if (wanted.has(key)) continue;
      marker.remove();
      this.shown.delete(key);
    }
    for (const [key, item] of wanted) {
      if (!this.shown.has(key)) this.shown.set(key, { marker: this.add(item), item });
    }
    return count;
  }

  add({ cluster, single, latlng }) {
    const marker = this.L.marker(latlng, {
      icon: buttonIcon(this.L, (element) =>
        cluster ? fillCluster(element, cluster.count, this.texts) : this.fillSingle(element, single),
      ),
      keyboard: false, // it is a real button: Enter and Space already click it
      riseOnHover: true,
    }).addTo(this.map);
    const element = marker.getElement();
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      if (cluster) this.acts.openCluster({ ...cluster, latlng }, element);
      else this.acts.openSingle({ ...single, latlng }, element);
    });
    if (single) this.list.watch(element, single.id);
    return marker;
  }

  /** Nothing to see but its focus: the picture is on the canvas, right under it. */
  fillSingle(element, { id, properties }) {
    element.className = "map-spot";
    element.dataset.featureId = id;
    const name = this.nameOf(properties, id);
    element.setAttribute("aria-label", name);
    element.title = name;
  }

  nameOf(properties, id) {
    const title = properties.title ?? fill(this.texts.unnamed, { id });
    const { label } = this.symbols.category(properties.category);
    return [title, label, properties.status].filter(Boolean).join(", ");
  }

  elementOf(id) {
    return this.shown.get(`single-${id}`)?.marker.getElement() ?? null;
  }

  nearest(latlng) {
    const here = this.map.latLngToLayerPoint(latlng);
    let best = null;
    let bestDistance = Infinity;
    for (const { marker } of this.shown.values()) {
      const distance = here.distanceTo(this.map.latLngToLayerPoint(marker.getLatLng()));
      if (distance < bestDistance) [best, bestDistance] = [marker, distance];
    }
    return best?.getElement() ?? null;
  }
}
