// Starts what a page holds, when it comes near the screen, once each.

const started = new WeakSet();

/**
 * Start every element that `starters` (selector → async function) knows, now and after htmx swaps.
 * `prepare` sees each of them at once, were it far from the screen.
 */
export function startMaps(starters, prepare = () => {}) {
  const boot = (root) => {
    for (const [selector, start] of Object.entries(starters)) {
      for (const element of root.querySelectorAll(selector)) {
        if (started.has(element)) continue;
        started.add(element);
        prepare(element);
        whenNear(element, () => start(element).catch((error) => fail(element, error)));
      }
    }
  };
  boot(document);
  document.addEventListener("htmx:after:process", (event) => boot(event.target.parentElement ?? document));
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

/** One that cannot start leaves its text, its inputs and the page's list. */
function fail(element, error) {
  element.classList.add("is-failed");
  element.classList.remove("is-ready");
  element.querySelector("[data-map-failure]")?.removeAttribute("hidden");
  console.warn("The map could not start:", error);
}
