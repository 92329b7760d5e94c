// The worker of doors: the list of an event opens without the network, with the names that it had.
// It keeps the lists that were opened and their files, for who opened them, and no other page.
/* global VERSION */ // of all that is built, set by build.js
import { ageOf, copyFor, dropOthers, FILE, found, keepAll, keepFiles, pageOf } from "./copies.js";

const SCOPE = new URL(self.registration.scope).pathname;
const PAGES = "parvis-door-pages";
const FILES = `parvis-door-files-${VERSION}`;
const DAYS = 3 * 24 * 3600 * 1000; // milliseconds: a list is of no use later
const PATIENCE = 6000; // milliseconds before the copy takes the place of a page that does not come
const LIST = /^\d+\/$/; // after the scope

/** Fetch a list and keep it, when it is that of `person`; lists of others and of long ago go. */
async function keep(path, person) {
  const pages = await caches.open(PAGES);
  await dropOthers(pages, person, DAYS);
  const page = await pageOf(path, person, "data-door=");
  if (!page) {
    await pages.delete(path, { ignoreVary: true });
    return [];
  }
  await keepFiles(await caches.open(FILES), page.html, self.location.origin + path);
  await pages.put(path, copyFor(person, page));
  return [];
}

async function copyOf(url) {
  const pages = await caches.open(PAGES);
  const kept = await found(pages, url.origin + url.pathname);
  if (!kept || ageOf(kept) > DAYS) return null;
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
  return (await found(files, request.url)) ?? fetch(request);
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
  if (path) event.waitUntil(keepAll([path], (each) => keep(each, person)));
});
