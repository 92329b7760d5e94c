// Filters sent without leaving the page: the results are replaced, the address follows, the count is
// announced. Nothing is sent before somebody asks for it. A place to look up and the map need the
// page itself, and so does whoever has no script: the address is the same.
const form = document.querySelector("[data-agenda-filters]");
const announcer = document.querySelector("[data-announce]");
let shown = location.search;
const PARTS = ["#agenda", "[data-agenda-filters] summary"];

function address() {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) if (value && name !== "rayon") query.set(name, value);
  const text = query.toString();
  return text ? `${form.action}?${text}` : form.action;
}

async function show(url) {
  document.querySelector("#agenda").setAttribute("aria-busy", "true");
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = PARTS.map((part) => page.querySelector(part));
  if (!fresh.every(Boolean)) throw new Error("not the agenda");
  PARTS.forEach((part, place) => document.querySelector(part).replaceWith(document.adoptNode(fresh[place])));
  announcer.textContent = document.querySelector("#agenda-titre").textContent;
}

if (form && announcer && form.elements.vue?.value !== "carte") {
  form.addEventListener("submit", async (event) => {
    if (form.elements.adresse.value || form.elements.pres) return;
    event.preventDefault();
    const url = address();
    try {
      await show(url);
      history.pushState(null, "", url);
      shown = location.search;
    } catch {
      location.assign(url);
    }
  });
  // A link within the page changes the address too, but not what is asked.
  addEventListener("popstate", () => { if (location.search !== shown) location.reload(); });
}
