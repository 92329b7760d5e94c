// The forms of this map that wait for the network, on each of its pages.
import { alone, askForSync, changed, onChange, sendAll } from "./sending.js";
import { forget, queue } from "./store.js";

const root = document.querySelector("[data-map-queue]");
const list = root?.querySelector("ul");
const said = root?.querySelector("[role=status]");
const texts = root?.dataset ?? {};
const date = new Intl.DateTimeFormat(document.documentElement.lang, {
  day: "numeric", month: "long", hour: "2-digit", minute: "2-digit",
});

/** A moment (milliseconds) in words. */
export function moment(at) {
  return date.format(new Date(at));
}

function element(name, className, text) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

/** A button or a link named after what it does and, for who cannot see it, to which form. */
function control(kind, label, entry, act) {
  const made = element(typeof act === "string" ? "a" : "button", `button button-small button-${kind}`, label);
  made.append(element("span", "visually-hidden", ` ${entry.title}`));
  if (typeof act === "string") made.href = act;
  else {
    made.type = "button";
    made.addEventListener("click", act);
  }
  return made;
}

function why(entry) {
  const person = document.documentElement.dataset.person;
  switch (entry.state) {
    case "sent":
      return [entry.person ? texts.sent : texts.sentGuest];
    case "gone":
      return [texts.gone];
    case "refused":
      return [texts.refused, ...entry.reasons];
    case "other":
      if (!entry.person) return [texts.otherGuest];
      return [person ? texts.other : texts.nobody];
  }
  return entry.reasons.length ? entry.reasons : [navigator.onLine ? texts.waits : texts.offline];
}

function controls(entry) {
  const person = document.documentElement.dataset.person;
  const refill = `${entry.url}?${new URLSearchParams({ categorie: entry.category, reprendre: entry.key })}`;
  const remove = control("quiet", texts.remove, entry, () => {
    if (confirm(texts.confirm)) change(() => forget(entry.key), texts.removed);
  });
  if (entry.state === "sent") {
    const made = [control("quiet", texts.hide, entry, () => change(() => queue.delete(entry.key), ""))];
    if (entry.person === person && entry.person) made.unshift(control("secondary", texts.see, entry, entry.answer));
    return made;
  }
  if (entry.state === "gone") return [remove];
  const made = [];
  if (entry.person && !person) made.push(control("primary", texts.signIn, entry, texts.login));
  else if (!entry.person || entry.person === person) {
    const mends = entry.state === "refused" || entry.state === "other";
    if (mends) made.push(control("primary", texts.open, entry, refill));
    made.push(control(mends ? "secondary" : "primary", texts.send, entry, () => send(entry.key)));
  }
  return [...made, remove];
}

function item(entry) {
  const made = element("li", `m-queue__item m-queue__item--${entry.state}`);
  made.append(element("h3", "m-queue__title", entry.title || texts.untitled));
  made.append(element("p", "muted small", texts.written.replace("{when}", moment(entry.at))));
  const [first, ...others] = why(entry);
  made.append(element("p", "m-queue__why", first));
  if (others.length) {
    const reasons = element("ul", "m-queue__reasons");
    reasons.append(...others.map((reason) => element("li", "", reason)));
    made.append(reasons);
  }
  const acts = element("div", "cluster");
  acts.append(...controls(entry));
  made.append(acts);
  return made;
}

/** Draw the queue as it is kept. */
export async function show() {
  if (!root) return [];
  const entries = (await queue.all())
    .filter((entry) => entry.map === texts.map)
    .sort((a, b) => a.at - b.at);
  const here = entries.filter((entry) => entry.state !== "sent");
  const waiting = here.length;
  const stuck = here.some((entry) => entry.state !== "waiting"); // for another reason than the network
  const held = root.contains(document.activeElement);
  const [one, many] = stuck ? [texts.stuckOne, texts.stuckMany] : [texts.one, texts.many];
  const title = waiting === 1 ? one : many.replace("{n}", waiting);
  root.querySelector("h2 span").textContent = waiting ? title : texts.none;
  root.classList.toggle("callout-warning", waiting > 0);
  root.classList.toggle("callout-success", waiting === 0);
  list.replaceChildren(...entries.map(item));
  root.hidden = !entries.length;
  if (held && !root.hidden) root.focus();
  return entries;
}

async function change(act, words) {
  // Not while it is being sent: what is removed was not sent.
  await alone(act, { wait: true });
  changed();
  await show();
  said.textContent = words;
}

async function send(only = null) {
  if (only) said.textContent = texts.sending;
  const failed = await sendAll({ only, wait: Boolean(only) }).catch(() => true);
  await show();
  if (only) said.textContent = failed ? texts.failed : "";
}

/** Keep a form in the queue: it leaves as soon as it can. */
export async function add(entry) {
  await queue.put(entry);
  changed();
  await show();
  root.scrollIntoView({ block: "start" });
  root.focus();
  askForSync(await navigator.serviceWorker?.getRegistration().catch(() => null));
}

/** Show the queue, and send what waits now, when the network is back and when the page is seen again. */
export async function start() {
  const entries = await show();
  if (location.hash === "#attente" && !root.hidden) root.focus();
  onChange(show);
  addEventListener("online", () => send());
  addEventListener("offline", show);
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) send();
  });
  if (entries.length || (await queue.all()).length) await send();
}
