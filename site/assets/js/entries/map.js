// Boots every map and every location field of the page. Loaded only by pages that have one.
import { enhanceLocation } from "../map/location.js";
import { showMap } from "../map/view.js";

const started = new WeakSet();

/** Start the maps inside `root`; one that cannot start leaves its text and the page's list. */
function boot(root) {
  for (const element of root.querySelectorAll("[data-map-view], [data-location]")) {
    if (started.has(element)) continue;
    started.add(element);
    const begin = element.matches("[data-location]") ? enhanceLocation : showMap;
    whenNear(element, () => begin(element).catch((error) => fail(element, error)));
  }
}

/** Leaflet is fetched only when its map comes near the screen. */
function whenNear(element, start) {
  if (!("IntersectionObserver" in window)) {
    start();
    return;
  }
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      start();
    },
    { rootMargin: "400px" },
  );
  observer.observe(element);
}

function fail(element, error) {
  element.classList.add("is-failed");
  element.classList.remove("is-ready");
  element.querySelector("[data-map-failure]")?.removeAttribute("hidden");
  console.warn("The map could not start:", error);
}

boot(document);
document.addEventListener("htmx:load", (event) => boot(event.target.parentElement ?? document));
