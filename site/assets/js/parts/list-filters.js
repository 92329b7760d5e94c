// A filter sent without leaving the page: the list is replaced, the address follows, the count is
// announced. Nothing is sent before somebody asks for it.

async function show(url) {
  const list = document.querySelector("[data-list]");
  list.setAttribute("aria-busy", "true");
  const answer = await fetch(url, { headers: { "HX-Request": "true" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-list]");
  if (!fresh) throw new Error("no list");
  list.replaceWith(document.adoptNode(fresh));
  document.querySelector("[data-announce]").textContent = fresh.querySelector("#liste-titre").textContent;
}

/** The form of the page's filters when their list can be replaced here; null otherwise. */
export function filterForm() {
  const form = document.querySelector("[data-list-filters]");
  return form && document.querySelector("[data-announce]") ? form : null;
}

/**
 * Answer `form` here. `keeps(name)` says which answers belong in the address, `needsPage()` when the
 * answer is an ordinary page after all.
 */
export function filterHere(form, { keeps = () => true, needsPage = () => false } = {}) {
  form.addEventListener("submit", async (event) => {
    if (needsPage()) return;
    event.preventDefault();
    const query = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (value && keeps(name)) query.set(name, value);
    const text = query.toString();
    const url = text ? `${form.action}?${text}` : form.action;
    try {
      await show(url);
      history.pushState({ list: true }, "", url);
    } catch {
      location.assign(url);
    }
  });
  addEventListener("popstate", () => location.reload());
}
