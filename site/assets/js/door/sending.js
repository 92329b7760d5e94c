// Sends what waits, one at a time and in order: an arrival before its undoing. Each keeps its key,
// so that an answer that was lost costs nothing: the site knows the key.
import { all, get, put } from "./store.js";

const LOCK = "parvis-door";
const PATIENCE = 15_000; // milliseconds

/** Do `work` while no other page sends. */
export function alone(work) {
  return navigator.locks ? navigator.locks.request(LOCK, work) : work();
}

/** Who came, and a token to send with: `{person, token, rows…}`. Rejects without a network. */
export async function stateOf(url, person) {
  const answer = await fetch(`${url}?${new URLSearchParams({ person })}`, {
    cache: "no-store",
    credentials: "same-origin",
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function sent(entry, url, token) {
  const body = new FormData();
  for (const name of ["act", "key", "registration", "code", "people", "name", "at"]) {
    if (entry[name] !== undefined && entry[name] !== null) body.set(name, entry[name]);
  }
  const answer = await fetch(url, {
    method: "POST",
    body,
    credentials: "same-origin",
    headers: { "X-CSRFToken": token, "X-Parvis-Queue": "1" },
    signal: AbortSignal.timeout(PATIENCE),
  });
  return answer.json(); // a page instead of it: the site is out of order, later then
}

/**
 * Send what waits for this event; `tell(entry)` after each. Resolves to the state of the site once all
 * is sent, to `null` when another person is signed in; rejects when the network fails.
 */
export function sendAll({ event, person, stateUrl, noteUrl, tell }) {
  return alone(async () => {
    let state = await stateOf(stateUrl, person);
    if (state.person !== person || !state.token) return null;
    let any = false;
    for (const { id } of await all()) {
      const entry = await get(id);
      if (!entry || entry.event !== event || entry.person !== person || entry.state !== "waiting") continue;
      const said = await sent(entry, noteUrl, state.token);
      Object.assign(entry, { state: said.done ? "sent" : "refused", reasons: said.reasons, sentAt: Date.now() });
      // No name is needed once it is sent.
      if (said.done) entry.name = undefined;
      await put(entry);
      any = true;
      tell(entry, said);
    }
    if (any) state = await stateOf(stateUrl, person);
    return state;
  });
}
