// Sends the forms that wait, one at a time, whoever asks first: a page or the service worker.
// A form keeps its submission key, so an answer that was lost costs nothing: the site knows the key.
import { drafts, queue } from "./store.js";

export const SYNC = "parvis-map-queue";
const CHANNEL = "parvis-map-queue";
const SHORT = 20_000; // milliseconds
const LONG = 180_000; // photos on a slow network

const channel = "BroadcastChannel" in self ? new BroadcastChannel(CHANNEL) : null;

/** Call `act` whenever another page or the worker changes the queue. */
export function onChange(act) {
  channel?.addEventListener("message", act);
}

/** Say to the other pages that the queue changed. */
export function changed() {
  channel?.postMessage("changed");
}

/** Do `work` while nobody else sends; with `wait` false, do nothing when somebody does. */
export function alone(work, { wait = false } = {}) {
  if (!navigator.locks) return work();
  return navigator.locks.request(SYNC, { ifAvailable: !wait }, (lock) => (lock ? work() : null));
}

/** Ask the browser, where it can, to wake the worker when the network is back. */
export async function askForSync(registration) {
  try {
    await registration?.sync?.register(SYNC);
  } catch {
    // Not allowed: the next page that opens sends.
  }
}

/**
 * Who is signed in and, when that is `person`, a token to send with: `{status, person, token}`.
 * Rejects without a network.
 */
export async function stateOf(url, person, timeout = SHORT) {
  const answer = await fetch(`${url}etat/?${new URLSearchParams({ person })}`, {
    cache: "no-store",
    credentials: "same-origin",
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(timeout),
  });
  return { status: answer.status, ...(answer.ok ? await answer.json() : {}) };
}

/**
 * Send what waits; `only`: the form of that key alone, even one that was refused.
 * Resolves to whether the network failed again.
 */
export function sendAll({ only = null, wait = false } = {}) {
  return alone(
    async () => {
      for (const { key } of await queue.all()) {
        if (only && key !== only) continue;
        const entry = await queue.get(key); // as it is now that nobody else sends
        if (!entry || entry.state === "sent" || entry.state === "gone") continue;
        if (entry.state === "refused" && !only) continue;
        const verdict = await sent(entry).catch(() => null);
        if (!verdict) return true;
        await queue.put({ ...entry, reasons: [], ...verdict });
        if (verdict.state === "sent") await drafts.delete(key);
        changed();
      }
      return false;
    },
    { wait },
  );
}

/** What changes in an entry once the site has answered; rejects when it did not. */
async function sent(entry) {
  const now = await stateOf(entry.url, entry.person);
  if (now.status === 404) return { state: "gone" };
  if (now.status !== 200) throw new Error(`${now.status}`);
  if (now.person !== entry.person) return { state: "other", isNobody: !now.person };
  const body = new FormData();
  for (const [name, value] of entry.fields) {
    if (value instanceof Blob) body.append(name, value, value.name);
    else body.append(name, value);
  }
  body.set("person", entry.person);
  body.set("action", "send");
  const answer = await fetch(entry.url, {
    method: "POST",
    body,
    credentials: "same-origin",
    headers: { "X-CSRFToken": now.token, "X-Parvis-Queue": "1" },
    signal: AbortSignal.timeout(LONG),
  });
  const said = await answer.json(); // a page instead of it: the site is out of order, later then
  if (said.sent) return { state: "sent", answer: said.url, fields: [] };
  if (said.other_person) return { state: "other", isNobody: false };
  return { state: said.later ? "waiting" : "refused", reasons: said.reasons };
}
