// The worker of doors: the list of an event opens without the network, with the names that it had.
// It keeps the lists that were opened and their files, for who opened them, and no other page.
/* global VERSION */ // of all that is built, set by build.js
const SCOPE = new URL(self.registration.scope).pathname;
const PAGES = "parvis-door-pages";
const FILES = `parvis-door-files-${VERSION}`;
const DAYS = 3 * 24 * 3600 * 1000; // milliseconds: a list is of no use later
const PATIENCE = 6000; // milliseconds before the copy takes the place of a page that does not come
const LIST = /^\d+\/$/; // after the scope
const FILE = /\.(?:css|js|svg|woff2|png)$/;
const NAMED = /(?:href|src|data-sprite)="([^"#]+)/g;

async function keepFiles(text, base, pattern = NAMED) {
  const files = await caches.open(FILES);
  for (const [, name] of text.matchAll(pattern)) {
    const url = new URL(name.replaceAll("&amp;", "&"), base);
    if (url.origin !== self.location.origin || !FILE.test(url.pathname)) continue;
    if (await files.match(url.href, { ignoreVary: true })) continue;
    const answer = await fetch(url.href).catch(() => null);
    if (!answer?.ok) continue;
    if (url.pathname.endsWith(".css")) {
      await keepFiles(await answer.clone().text(), url.href, /url\(["']?([^"')#]+)/g);
    }
    await files.put(url.href, answer);
  }
}

/** Fetch a list and keep it, when it is that of `person`; lists of others and of long ago go. */
async function keep(path, person) {
  const pages = await caches.open(PAGES);
  for (const request of await pages.keys()) {
    const page = await pages.match(request, { ignoreVary: true });
    const old = Date.now() - page.headers.get("X-Kept-At") > DAYS;
    if (old || page.headers.get("X-Kept-For") !== person) await pages.delete(request, { ignoreVary: true });
  }
  const answer = await fetch(path, { credentials: "same-origin", cache: "no-store" });
  const html = answer.ok && !answer.redirected ? await answer.text() : "";
  const whose = /<html[^>]* data-person="(\w*)"/.exec(html)?.[1];
  if (!html.includes("data-door=") || whose !== person) {
    await pages.delete(path, { ignoreVary: true });
    return;
  }
  await keepFiles(html, self.location.origin + path);
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length", "Set-Cookie"]) headers.delete(name);
  headers.set("X-Kept-At", Date.now());
  headers.set("X-Kept-For", person);
  await pages.put(path, new Response(html, { headers }));
}

async function copyOf(url) {
  const pages = await caches.open(PAGES);
  const kept = await pages.match(url.origin + url.pathname, { ignoreVary: true });
  if (!kept || Date.now() - kept.headers.get("X-Kept-At") > DAYS) return null;
  const html = (await kept.text()).replace("<body", "<body data-kept-copy");
  return new Response(html, { headers: kept.headers });
}

async function page(request) {
  const url = new URL(request.url);
  const asked = fetch(request);
  const slow = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(() => copyOf(url));
  const first = asked.catch(async (error) => (await copyOf(url)) ?? Promise.reject(error));
  return (await Promise.race([first, slow])) ?? asked;
}

async function file(request) {
  const files = await caches.open(FILES);
  return (await files.match(request.url, { ignoreVary: true })) ?? fetch(request);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (url.origin !== self.location.origin || request.method !== "GET") return;
  const isList = url.pathname.startsWith(SCOPE) && LIST.test(url.pathname.slice(SCOPE.length));
  if (request.mode === "navigate" && isList) event.respondWith(page(request));
  else if (request.mode !== "navigate" && FILE.test(url.pathname)) event.respondWith(file(request));
});

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  const renew = async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("parvis-door-files") && name !== FILES) await caches.delete(name);
    }
    await self.clients.claim();
  };
  event.waitUntil(renew());
});

self.addEventListener("message", (event) => {
  const { keep: path, person } = event.data ?? {};
  if (path) event.waitUntil(keep(path, person).catch(() => null));
});
