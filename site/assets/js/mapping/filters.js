// A filter sent without leaving the page: the list is replaced, the address follows, the count is
// announced. Nothing is sent before somebody asks for it. The map is a page of its own.
const form = document.querySelector("[data-list-filters]");
const announcer = document.querySelector("[data-announce]");

function address() {
  const query = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (value && !(name === "rayon" && !form.elements.adresse.value && !form.elements.pres)) {
      query.set(name, value);
    }
  }
  const text = query.toString();
  return text ? `${form.action}?${text}` : form.action;
}

async function show(url) {
  const list = document.querySelector("[data-list]");
  list.setAttribute("aria-busy", "true");
  const answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-list]");
  if (!fresh) throw new Error("no list");
  list.replaceWith(document.adoptNode(fresh));
  announcer.textContent = fresh.querySelector("#liste-titre").textContent;
}

if (form && announcer && form.elements.vue) {
  form.addEventListener("submit", async (event) => {
    // A place has to be looked up, and its answer shown beside the field: an ordinary page.
    if (form.elements.adresse.value || form.elements.pres) return;
    event.preventDefault();
    const url = address();
    try {
      await show(url);
      history.pushState({ list: true }, "", url);
    } catch {
      location.assign(url);
    }
  });
  addEventListener("popstate", () => location.reload());
}
