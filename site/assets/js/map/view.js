// A map of things that the page also lists.
import Supercluster from "supercluster";

import { makeMap } from "./canvas.js";
import { DASHES, Fills } from "./fills.js";
import { counted, fetchJson, fill, readJson } from "./leaflet.js";
import { syncList } from "./list.js";
import { buttonIcon, fillCluster, fillMarker } from "./markers.js";
import { Popup } from "./popup.js";

const CLUSTER_MAX_ZOOM = 17;

/** Show the map of `root`; rejects when it cannot, so that the caller leaves the list alone. */
export async function showMap(root) {
  const data = root.dataset.featuresUrl
    ? fetchJson(root.dataset.featuresUrl)
    : Promise.resolve(readJson(root.dataset.features));
  const [{ L, map, texts, home }, collection] = await Promise.all([makeMap(root), data]);
  new FeatureLayer({ L, map, texts, home, root, collection }).start();
  root.classList.add("is-ready");
  root.querySelector("[data-map-failure]")?.remove();
}

class FeatureLayer {
  constructor({ L, map, texts, home, root, collection }) {
    Object.assign(this, { L, map, texts, root, home });
    this.status = root.querySelector("[data-map-status]");
    this.shown = new Map(); // key → Leaflet marker
    this.points = collection.features
      .filter((feature) => feature.geometry)
      .map((feature) => ({ ...feature, geometry: this.pointOf(feature.geometry) }));
    this.index = new Supercluster({ radius: 38, maxZoom: CLUSTER_MAX_ZOOM, minPoints: 2 });
    this.index.load(this.points);
    this.popup = new Popup(L, map, texts, (id) => this.markerOf(id));
    this.list = syncList(root.dataset.list, (id, on) => this.highlight(id, on));
    this.drawShapes(collection);
  }

  start() {
    this.map.on("moveend", () => this.render());
    if (!this.root.dataset.bounded && this.points.length) this.fit();
    this.render();
  }

  fit() {
    const places = this.points.map(({ geometry: { coordinates: [x, y] } }) => [y, x]);
    this.map.fitBounds(this.L.latLngBounds(places).pad(0.1), { maxZoom: 16, animate: false });
  }

  /** Lines and areas are also marked by a button in their middle: that is what one reaches. */
  pointOf(geometry) {
    if (geometry.type === "Point") return geometry;
    const middle = this.L.geoJSON(geometry).getBounds().getCenter();
    return { type: "Point", coordinates: [middle.lng, middle.lat] };
  }

  drawShapes(collection) {
    const features = collection.features.filter(
      (feature) => feature.geometry && feature.geometry.type !== "Point",
    );
    if (!features.length) return;
    const fills = new Fills(this.root);
    this.L.geoJSON(
      { type: "FeatureCollection", features },
      {
        interactive: false,
        style: ({ geometry, properties: { tone = 1, pattern } }) =>
          geometry.type.endsWith("Polygon")
            ? fills.area("map-shape", tone, pattern)
            : { className: `map-shape map-tone-${tone}`, dashArray: DASHES[pattern]?.join(" ") },
      },
    ).addTo(this.map);
  }

  /** Put what is in the frame on the map; what was there already keeps its element and focus. */
  render() {
    const bounds = this.map.getBounds().pad(0.15);
    const box = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const wanted = new Map();
    for (const item of this.index.getClusters(box, Math.floor(this.map.getZoom()))) {
      const { cluster, cluster_id: clusterId } = item.properties;
      wanted.set(cluster ? `cluster-${clusterId}` : `feature-${item.id}`, item);
    }
    for (const [key, marker] of this.shown) {
      if (wanted.has(key)) continue;
      marker.remove();
      this.shown.delete(key);
    }
    for (const [key, item] of wanted) {
      if (!this.shown.has(key)) this.shown.set(key, this.add(item));
    }
    this.announce();
  }

  add(item) {
    const [longitude, latitude] = item.geometry.coordinates;
    const cluster = item.properties.cluster;
    const icon = buttonIcon(this.L, (element) =>
      cluster
        ? fillCluster(element, item.properties.point_count, this.texts)
        : fillMarker(element, item, this.root.dataset.sprite),
    );
    const marker = this.L.marker([latitude, longitude], {
      icon,
      keyboard: false, // it is a real button: Enter and Space already click it
      riseOnHover: true,
    }).addTo(this.map);
    const element = marker.getElement();
    element.addEventListener("click", (event) => {
      event.stopPropagation();
      if (cluster) this.open(item, element);
      else this.popup.show([item], [latitude, longitude], String(item.id));
    });
    if (!cluster) this.list.watch(element, item.id);
    return marker;
  }

  /** A cluster opens by zooming in; when all are at one place, by listing them. */
  open(item, element) {
    const [longitude, latitude] = item.geometry.coordinates;
    const id = item.properties.cluster_id;
    const zoom = this.index.getClusterExpansionZoom(id);
    const leaves = this.index.getLeaves(id, 50);
    const apart = leaves.some((leaf) => !samePlace(leaf, leaves[0]));
    if (zoom > CLUSTER_MAX_ZOOM || !apart) {
      this.popup.show(leaves, [latitude, longitude], element);
      return;
    }
    const hadFocus = element === document.activeElement;
    const places = leaves.map(({ geometry: { coordinates: [x, y] } }) => [y, x]);
    this.map.once("moveend", () => {
      // The button that was pressed is gone: the focus goes to the nearest of what it held.
      if (hadFocus) this.nearest(latitude, longitude)?.focus();
    });
    const fitting = this.map.getBoundsZoom(this.L.latLngBounds(places).pad(0.1));
    const target = Math.min(Math.max(zoom, Math.min(fitting, zoom + 2)), this.map.getMaxZoom());
    this.map.setView([latitude, longitude], target);
  }

  nearest(latitude, longitude) {
    const here = this.map.latLngToLayerPoint([latitude, longitude]);
    let best = null;
    let bestDistance = Infinity;
    for (const marker of this.shown.values()) {
      const distance = here.distanceTo(this.map.latLngToLayerPoint(marker.getLatLng()));
      if (distance < bestDistance) [best, bestDistance] = [marker, distance];
    }
    return best?.getElement();
  }

  markerOf(id) {
    return this.shown.get(`feature-${id}`)?.getElement() ?? null;
  }

  highlight(id, on) {
    this.markerOf(id)?.classList.toggle("is-active", on);
  }

  announce() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      const bounds = this.map.getBounds();
      const visible = this.points.filter(({ geometry: { coordinates: [x, y] } }) =>
        bounds.contains([y, x]),
      ).length;
      const total = this.points.length;
      const said = total
        ? counted(visible === total ? this.texts.all : this.texts.some, visible, { total })
        : fill(this.texts.none, {});
      if (this.status.textContent !== said) this.status.textContent = said;
    }, 250);
  }
}

function samePlace(a, b) {
  return (
    a.geometry.coordinates[0] === b.geometry.coordinates[0] &&
    a.geometry.coordinates[1] === b.geometry.coordinates[1]
  );
}
