// Writing without the network. A browser that cannot keep anything does without all this.
import { settle, startForm } from "./form.js";
import { start } from "./queue-view.js";

const root = document.querySelector("[data-map-queue]");
const page = document.querySelector("[data-keep-page]");
const KEPT_FOR = "parvis-kept-for";

/** Keep this page and its files, for who opens it again without the network. */
async function keepPage() {
  if (!("serviceWorker" in navigator) || "keptCopy" in page.dataset) return;
  const person = document.documentElement.dataset.person;
  await navigator.serviceWorker.register(root.dataset.worker);
  const { active } = await navigator.serviceWorker.ready;
  localStorage.setItem(KEPT_FOR, person);
  const category = page.elements?.category?.value;
  const urls = [location.pathname];
  if (category) urls.unshift(`${location.pathname}?categorie=${encodeURIComponent(category)}`);
  active.postMessage({ keep: urls, person });
}

if (root && "indexedDB" in self && crypto.randomUUID) {
  settle()
    .then(() => Promise.all([startForm(), start(), page && keepPage()]))
    .catch((error) => console.warn(error)); // the form works as it does without any of this
}
