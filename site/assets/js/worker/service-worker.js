// The service worker of maps: the form of a map opens without the network, and what is written there
// leaves when the network is back. It keeps the blank forms of the maps where somebody began to
// contribute and the files that they need, and no other page.
/* global VERSION */ // of all that is built, set by build.js
import { askForSync, changed, sendAll, SYNC } from "../mapping/offline/sending.js";
import { drafts, entryOf, queue } from "../mapping/offline/store.js";

const SCOPE = new URL(self.registration.scope).pathname;
const FILES_OF = `parvis-map-files${SCOPE}`;
const PAGES_OF = `parvis-map-pages${SCOPE}`;
const FILES = FILES_OF + VERSION;
const PAGES = PAGES_OF + VERSION;
const FRESH = 3600 * 1000; // milliseconds during which a copy is not asked for again
const PATIENCE = 8000; // milliseconds before a copy takes the place of a page that does not come
const LONG = 20_000; // milliseconds after which what does not come has failed
const PAUSES = [0, 3_000, 15_000]; // milliseconds before each try
const MAX_CATEGORIES = 20;
const FORM = /^[^/]+\/contribuer\/$/; // after the scope
const FILE = /\.(?:css|js|svg|woff2|png)$/;
const NAMED = /(?:href|src|data-module|data-sprite|data-[a-z-]*url)="([^"#]+)/g;

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

/** Keep these forms and those that they lead to; in the street, what fails is tried again later. */
async function keepAll(addresses, person) {
  const kept = new Set();
  let left = addresses;
  for (const pause of PAUSES) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const failed = [];
    const forms = left.map(keptAddress);
    for (const form of forms) {
      if (kept.has(form)) continue;
      try {
        forms.push(...(await keep(form, person)));
        kept.add(form);
      } catch {
        failed.push(form);
      }
    }
    if (!failed.length) return;
    left = failed;
  }
}

/** Fetch a blank form and keep it with its files. The addresses of those that it leads to. */
async function keep(form, person) {
  const pages = await caches.open(PAGES);
  const known = await pages.match(form, { ignoreVary: true });
  const age = Date.now() - known?.headers.get("X-Kept-At");
  if (known?.headers.get("X-Kept-For") === person && age < FRESH) return formsIn(await known.text(), form);
  const answer = await fetch(form, { credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(LONG) });
  if (answer.status >= 500) throw new Error(`${form}: ${answer.status}`);
  const html = answer.ok && !answer.redirected ? await answer.text() : "";
  const whose = /<html[^>]* data-person="(\w*)"/.exec(html)?.[1];
  if (!html.includes("data-keep-page") || whose !== person) {
    await pages.delete(form, { ignoreVary: true });
    return [];
  }
  await dropPagesOfOthers(pages, person);
  await keepFiles(html, form);
  // The content policy comes along; the body is no longer compressed.
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length", "Set-Cookie"]) headers.delete(name);
  headers.set("X-Kept-At", Date.now());
  headers.set("X-Kept-For", person);
  await pages.put(form, new Response(html, { headers }));
  return formsIn(html, form);
}

/** A step before the form leads to those of each category. */
function formsIn(html, base) {
  const found = [...html.matchAll(/href="(\?categorie=\d+)"/g)].slice(0, MAX_CATEGORIES);
  return found.map(([, query]) => new URL(query, base).href);
}

async function dropPagesOfOthers(pages, person) {
  for (const request of await pages.keys()) {
    const page = await pages.match(request, { ignoreVary: true });
    if (page?.headers.get("X-Kept-For") !== person) await pages.delete(request, { ignoreVary: true });
  }
}

/** Keep the files that a page or a style sheet names. */
async function keepFiles(text, base, pattern = NAMED) {
  const files = await caches.open(FILES);
  for (const [, name] of text.matchAll(pattern)) {
    const url = new URL(name.replaceAll("&amp;", "&"), base);
    const isWanted = url.origin === self.location.origin && (FILE.test(url.pathname) || isData(url));
    if (!isWanted || (await files.match(url.href, { ignoreVary: true }))) continue;
    const answer = await fetch(url.href, { signal: AbortSignal.timeout(LONG) }).catch(() => null);
    if (!answer?.ok) continue;
    if (url.pathname.endsWith(".css")) {
      await keepFiles(await answer.clone().text(), url.href, /url\(["']?([^"')#]+)/g);
    }
    await files.put(url.href, answer);
  }
}

// ── Answering ─────────────────────────────────────────────────────────────────────────────────────

/** The copy of a form, marked as one; failing that, the way to a form of the same map. */
async function copyOf(url) {
  const pages = await caches.open(PAGES);
  const kept = isForm(url) ? await pages.match(keptAddress(url), { ignoreVary: true }) : null;
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
    return fetch(request).catch(async () => (await files.match(request.url, { ignoreVary: true })) ?? Response.error());
  }
  return (await files.match(request.url, { ignoreVary: true })) ?? fetch(request);
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
        const kept = await pages.match(request, { ignoreVary: true });
        const person = kept.headers.get("X-Kept-For");
        again.set(person, [...(again.get(person) ?? []), request.url]);
      }
    }
    if (name.startsWith(PAGES_OF) || name.startsWith(FILES_OF)) await caches.delete(name);
  }
  await self.clients.claim();
  for (const [person, addresses] of again) await keepAll(addresses, person);
}

self.addEventListener("activate", (event) => event.waitUntil(replace()));

self.addEventListener("message", (event) => {
  const { keep: addresses, person } = event.data ?? {};
  if (addresses) event.waitUntil(keepAll(addresses, person));
});

self.addEventListener("sync", (event) => {
  if (event.tag !== SYNC) return;
  const work = async () => {
    // A failure makes the browser try again later.
    if (await sendAll({ wait: true })) throw new Error("No network yet.");
  };
  event.waitUntil(work());
});
