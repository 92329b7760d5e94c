// The service worker of maps: the form of a map opens without the network, and what is written there
// leaves when the network is back. It keeps the blank forms of the maps where somebody began to
// contribute and the files that they need, and no other page.
/* global VERSION */ // of all that is built, set by build.js
import { ageOf, copyFor, dropOthers, FILE, found, keepAll, keepFiles, ownerOf, pageOf } from "./copies.js";
import { askForSync, changed, sendAll, SYNC } from "../mapping/offline/sending.js";
import { drafts, entryOf, queue } from "../mapping/offline/store.js";

const SCOPE = new URL(self.registration.scope).pathname;
const FILES_OF = `parvis-map-files${SCOPE}`;
const PAGES_OF = `parvis-map-pages${SCOPE}`;
const FILES = FILES_OF + VERSION;
const PAGES = PAGES_OF + VERSION;
const FRESH = 3600 * 1000; // milliseconds during which a copy is not asked for again
const PATIENCE = 8000; // milliseconds before a copy takes the place of a page that does not come
const MAX_CATEGORIES = 20;
const FORM = /^[^/]+\/contribuer\/$/; // after the scope

const within = (url) => url.pathname.slice(SCOPE.length);
const isForm = (url) => url.pathname.startsWith(SCOPE) && FORM.test(within(url));
const isData = (url) => url.pathname.endsWith("/territoires.geojson");

/** The address under which a form is kept: its map and its category. */
function keptAddress(address) {
  const url = new URL(address, self.location.origin);
  const category = url.searchParams.get("categorie");
  return url.origin + url.pathname + (category ? `?categorie=${encodeURIComponent(category)}` : "");
}

// ── Keeping ───────────────────────────────────────────────────────────────────────────────────────

const keepForms = (addresses, person) => keepAll(addresses.map(keptAddress), (form) => keep(form, person));

/** Fetch a blank form and keep it with its files. The addresses of those that it leads to. */
async function keep(form, person) {
  const pages = await caches.open(PAGES);
  const known = await found(pages, form);
  if (ownerOf(known) === person && ageOf(known) < FRESH) return formsIn(await known.text(), form);
  const page = await pageOf(form, person, "data-keep-page");
  if (!page) {
    await pages.delete(form, { ignoreVary: true });
    return [];
  }
  await dropOthers(pages, person);
  await keepFiles(await caches.open(FILES), page.html, form, isData);
  await pages.put(form, copyFor(person, page));
  return formsIn(page.html, form);
}

/** A step before the form leads to those of each category. */
function formsIn(html, base) {
  const named = [...html.matchAll(/href="(\?categorie=\d+)"/g)].slice(0, MAX_CATEGORIES);
  return named.map(([, query]) => keptAddress(new URL(query, base)));
}

// ── Answering ─────────────────────────────────────────────────────────────────────────────────────

/** The copy of a form, marked as one; failing that, the way to a form of the same map. */
async function copyOf(url) {
  const pages = await caches.open(PAGES);
  const kept = isForm(url) ? await found(pages, keptAddress(url)) : null;
  if (kept) {
    const html = (await kept.text()).replace("data-keep-page", "data-keep-page data-kept-copy");
    return new Response(html, { headers: kept.headers });
  }
  const first = `${url.origin}${SCOPE}${within(url).split("/")[0]}/contribuer/`;
  const forms = (await pages.keys()).map((request) => request.url).filter((each) => each.startsWith(first));
  const way = forms.includes(first) ? first : forms[0];
  return way ? Response.redirect(way, 302) : null;
}

async function page(request) {
  const url = new URL(request.url);
  const asked = fetch(request);
  if (!isForm(url)) return asked.catch(async (error) => (await copyOf(url)) ?? Promise.reject(error));
  const slow = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(() => copyOf(url));
  const answer = await Promise.race([asked.catch(() => copyOf(url)), slow]);
  return answer ?? asked;
}

async function file(request, url) {
  const files = await caches.open(FILES);
  if (isData(url)) {
    return fetch(request).catch(async () => (await found(files, request.url)) ?? Response.error());
  }
  return (await found(files, request.url)) ?? fetch(request);
}

/** A form sent by the page itself: when the network fails on the way, it waits here. */
async function sent(request) {
  const spare = request.clone();
  try {
    return await fetch(request);
  } catch {
    const { pathname } = new URL(request.url);
    const data = await spare.formData();
    const back = `${pathname}?categorie=${encodeURIComponent(data.get("category"))}`;
    // A visitor who has to sign in cannot send later without being there.
    const mayWait = (data.get("action") ?? "send") === "send" && (data.get("person") || data.has("email"));
    if (!mayWait) return Response.redirect(back, 303);
    const entry = entryOf(data, pathname);
    await queue.put(entry);
    await drafts.delete(entry.key);
    changed();
    await askForSync(self.registration);
    return Response.redirect(`${back}#attente`, 303);
  }
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (request.method === "GET" && url.pathname.startsWith(SCOPE)) event.respondWith(page(request));
    else if (request.method === "POST" && isForm(url)) event.respondWith(sent(request));
  } else if (request.method === "GET" && !url.pathname.startsWith(SCOPE) && (FILE.test(url.pathname) || isData(url))) {
    event.respondWith(file(request, url));
  }
});

// ── Living ────────────────────────────────────────────────────────────────────────────────────────

self.addEventListener("install", () => self.skipWaiting());

/** A new version: its files replace the old ones, and the copies are made again with them. */
async function replace() {
  const again = new Map(); // person → addresses
  for (const name of await caches.keys()) {
    if (name === FILES || name === PAGES) continue;
    if (name.startsWith(PAGES_OF)) {
      const pages = await caches.open(name);
      for (const request of await pages.keys()) {
        const person = ownerOf(await found(pages, request));
        again.set(person, [...(again.get(person) ?? []), request.url]);
      }
    }
    if (name.startsWith(PAGES_OF) || name.startsWith(FILES_OF)) await caches.delete(name);
  }
  await self.clients.claim();
  for (const [person, addresses] of again) await keepForms(addresses, person);
}

self.addEventListener("activate", (event) => event.waitUntil(replace()));

self.addEventListener("message", (event) => {
  const { keep: addresses, person } = event.data ?? {};
  if (addresses) event.waitUntil(keepForms(addresses, person));
});

self.addEventListener("sync", (event) => {
  if (event.tag !== SYNC) return;
  const work = async () => {
    // A failure makes the browser try again later.
    if (await sendAll({ wait: true })) throw new Error("No network yet.");
  };
  event.waitUntil(work());
});
