// What service workers share: copies of pages, made for one person, and of the files that they name.
export const FILE = /\.(?:css|js|svg|woff2|png)$/;
const LONG = 20_000; // milliseconds after which what does not come has failed
const PAUSES = [0, 3_000, 15_000]; // milliseconds before each try
const NAMED = /(?:href|src|data-module|data-sprite|data-[a-z-]*url)="([^"#]+)/g;
const NAMED_IN_STYLES = /url\(["']?([^"')#]+)/g;

/** The copy that a cache holds of an address, whatever it varies on. */
export const found = (cache, address) => cache.match(address, { ignoreVary: true });

/**
 * Keep these addresses and those that they lead to, which `keepOne(address)` returns; in the street,
 * what fails is tried again later.
 */
export async function keepAll(addresses, keepOne) {
  const kept = new Set();
  let left = addresses;
  for (const pause of PAUSES) {
    await new Promise((resolve) => setTimeout(resolve, pause));
    const failed = [];
    const wanted = [...left];
    for (const address of wanted) {
      if (kept.has(address)) continue;
      try {
        wanted.push(...(await keepOne(address)));
        kept.add(address);
      } catch {
        failed.push(address);
      }
    }
    if (!failed.length) return;
    left = failed;
  }
}

/**
 * The page of an address as `person` sees it now, or null when it has no `mark` or is another
 * person's. Fails when it does not come, or when the site is out of order.
 */
export async function pageOf(address, person, mark) {
  const answer = await fetch(address, {
    credentials: "same-origin",
    cache: "no-store",
    signal: AbortSignal.timeout(LONG),
  });
  if (answer.status >= 500) throw new Error(`${address}: ${answer.status}`);
  const html = answer.ok && !answer.redirected ? await answer.text() : "";
  const whose = /<html[^>]* data-person="(\w*)"/.exec(html)?.[1];
  return html.includes(mark) && whose === person ? { html, headers: answer.headers } : null;
}

/** The copy of a page, its content policy included; its body is no longer compressed. */
export function copyFor(person, { html, headers: received }) {
  const headers = new Headers(received);
  for (const name of ["Content-Encoding", "Content-Length", "Set-Cookie"]) headers.delete(name);
  headers.set("X-Kept-At", Date.now());
  headers.set("X-Kept-For", person);
  return new Response(html, { headers });
}

/** Milliseconds since a copy was made; not a number without a copy. */
export const ageOf = (copy) => Date.now() - copy?.headers.get("X-Kept-At");

/** For whom a copy was made; undefined without a copy. */
export const ownerOf = (copy) => copy?.headers.get("X-Kept-For");

/** Drop the copies that were not made for `person`, or that are older than `oldest` milliseconds. */
export async function dropOthers(pages, person, oldest = Infinity) {
  for (const request of await pages.keys()) {
    const copy = await found(pages, request);
    if (ownerOf(copy) !== person || ageOf(copy) > oldest) await pages.delete(request, { ignoreVary: true });
  }
}

/** Keep the files of ours that a page or a style sheet names, and what `isMore(url)` adds to them. */
export async function keepFiles(files, text, base, isMore = () => false, pattern = NAMED) {
  for (const [, name] of text.matchAll(pattern)) {
    const url = new URL(name.replaceAll("&amp;", "&"), base);
    const isWanted = url.origin === self.location.origin && (FILE.test(url.pathname) || isMore(url));
    if (!isWanted || (await found(files, url.href))) continue;
    const answer = await fetch(url.href, { signal: AbortSignal.timeout(LONG) }).catch(() => null);
    if (!answer?.ok) continue;
    if (url.pathname.endsWith(".css")) {
      await keepFiles(files, await answer.clone().text(), url.href, isMore, NAMED_IN_STYLES);
    }
    await files.put(url.href, answer);
  }
}
