// The door on a phone: what is noted is kept here first, then sent, so that a cut of the network stops
// nobody. Without this script every button of the page is a plain form.
import { meaningOf } from "./codes.js";
import { Rows } from "./rows.js";
import { readPicture, watch } from "./scan.js";
import { alone, sendAll } from "./sending.js";
import * as store from "./store.js";

const TICK = 4000; // milliseconds between two tries without a network: a browser does not always say it is back
const LOOK = 5; // ticks between two looks at what other phones noted
const root = document.querySelector("[data-door]");
const texts = root.dataset;
const event = texts.door;
const person = document.documentElement.dataset.person;
const made = Date.now();
const rows = new Rows(root, texts);
const said = root.querySelector("[data-said]");
const waiting = root.querySelector("[data-queue]");
const net = root.querySelector("[data-net]");
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
let connected = true;
let people = { present: 0, expected: 0 };
let latest = {};

const fill = (text, values) => Object.entries(values).reduce((all, [name, value]) => all.replace(`{${name}}`, value), text);

function tell(words, tone = "done") {
  said.className = `door-said door-said--${tone}`;
  said.textContent = "";
  // Said again even when the words are the same.
  setTimeout(() => {
    said.textContent = words;
  }, 30);
}

// ── What is shown ─────────────────────────────────────────────────────────────────────────────────

function nameOf(entry) {
  return rows.byId.get(Number(entry.registration))?.dataset.name || entry.name || (entry.act === "walk" ? texts.walk : texts.code);
}

function waits(entry) {
  const item = document.createElement("li");
  const strong = document.createElement("strong");
  strong.textContent = nameOf(entry);
  item.append(strong, ` ${clock.format(new Date(entry.at))} `);
  const why = entry.state === "refused" ? entry.reasons : [entry.person === person ? texts.waiting : texts.other];
  item.append(why.join(" "));
  if (entry.state === "refused") {
    item.className = "door-refused";
    const drop = document.createElement("button");
    drop.type = "button";
    drop.className = "button button-small button-quiet";
    drop.textContent = texts.drop;
    drop.addEventListener("click", async () => {
      await store.remove(entry.id);
      await show();
      waiting.hidden || waiting.focus();
    });
    item.append(" ", drop);
  }
  return item;
}

/** Draw the lines as the site said last, then what was noted here since, in order. */
async function show() {
  const entries = (await store.all()).filter((entry) => entry.event === event);
  const now = { ...latest };
  let extra = 0;
  for (const entry of entries) {
    if (entry.state === "refused") continue;
    const fresh = entry.state === "sent" && entry.sentAt < stateAt; // the site has told it since
    if (fresh) continue;
    const unsent = entry.state === "waiting";
    if (entry.act === "walk") extra += entry.people;
    if (entry.act === "in" && entry.registration) {
      if (!now[entry.registration]?.[0]) extra += entry.people;
      now[entry.registration] = [clock.format(new Date(entry.at)), entry.people, entry.key, unsent];
    }
    if (entry.act === "out") {
      for (const [id, [time, came, key]] of Object.entries(now)) {
        if (key !== entry.key || !time) continue;
        now[id] = ["", 0, "", unsent];
        extra -= came;
      }
    }
  }
  for (const [id, [time, came, key, unsent]] of Object.entries(now)) {
    const line = rows.byId.get(Number(id));
    if (line) rows.mark(line, { time, came, key, waits: unsent });
  }
  root.querySelector("[data-present]").textContent = people.present + extra;
  root.querySelector("[data-expected]").textContent = people.expected;
  const open = entries.filter((entry) => entry.state !== "sent");
  const kept = open.filter((entry) => entry.state === "waiting").length;
  const refused = open.length - kept;
  const titles = [];
  if (kept) titles.push(kept === 1 ? texts.one : fill(texts.many, { n: kept }));
  if (refused) titles.push(fill(texts.refused, { n: refused }));
  waiting.querySelector("h2").textContent = titles.join(" – ");
  waiting.querySelector("ul").replaceChildren(...open.map(waits));
  waiting.hidden = !open.length;
  waiting.querySelector("[data-send]").hidden = !kept;
  net.textContent = connected ? texts.online : texts.offline;
  net.classList.toggle("door-net--off", !connected);
  net.hidden = false;
}

// ── Sending ───────────────────────────────────────────────────────────────────────────────────────

let stateAt = 0;
let sending = 0;

function answered(entry, { done, reasons, name }) {
  if (!done) tell(`${nameOf(entry)} – ${reasons.join(" ")}`, "refused");
  else if (entry.code && !entry.registration) tell(name);
}

async function send() {
  sending += 1;
  try {
    const asked = Date.now();
    const state = await sendAll({ event, person, stateUrl: texts.stateUrl, noteUrl: texts.noteUrl, tell: answered });
    connected = true;
    if (state) {
      latest = state.rows;
      people = state;
      stateAt = Math.max(asked, Date.now() - 1);
    }
  } catch {
    connected = false;
  } finally {
    sending -= 1;
  }
  await show();
}

async function note(entry) {
  await store.put({ event, person, state: "waiting", reasons: [], at: new Date().toISOString(), ...entry });
  await show();
  return send();
}

// ── Acts ──────────────────────────────────────────────────────────────────────────────────────────

function arrive(line, number = null, code = undefined) {
  const name = line.dataset.name;
  if (line.dataset.time) {
    tell(fill(texts.already, { name, time: line.dataset.time }), "refused");
    // Who scans looks at the camera, which stays in view.
    if (!root.hasAttribute("data-watching")) line.scrollIntoView({ block: "center" });
    return null;
  }
  const seats = number ?? Number(line.dataset.seats);
  // Marked at once: a second touch finds it done.
  rows.mark(line, { time: clock.format(new Date()), came: seats, key: "", waits: true });
  tell(fill(texts.in, { name }));
  return note({ act: "in", key: crypto.randomUUID(), registration: Number(line.dataset.id), people: seats, code });
}

async function leave(line) {
  const { key, name } = line.dataset;
  if (!key) return;
  tell(fill(texts.out, { name }));
  // What was not sent yet simply never was.
  const undone = await alone(async () => {
    const entry = (await store.all()).find((each) => each.key === key && each.act === "in" && each.state === "waiting");
    if (!entry) return false;
    await store.remove(entry.id);
    return true;
  });
  if (!undone) await note({ act: "out", key, registration: Number(line.dataset.id) });
  else {
    rows.mark(line, { time: "", came: 0, key: "" });
    await show();
  }
}

function found(code) {
  const line = rows.find(meaningOf(code));
  if (line) return arrive(line, null, code);
  tell(connected ? texts.asking : texts.unknown, "asking");
  return note({ act: "in", key: crypto.randomUUID(), code: code.slice(0, 600) });
}

function handleForms() {
  root.addEventListener("submit", (submitted) => {
    const form = submitted.target;
    const line = form.closest("[data-id]");
    if (form.matches("[data-in-form]")) arrive(line, form.elements.people ? Number(form.elements.people.value) : null);
    else if (form.matches("[data-out-form]")) leave(line);
    else if (form.matches("[data-typed]")) {
      const code = form.elements.code.value.trim();
      form.reset();
      if (code) found(code);
    } else if (form.matches("[data-search]")) rows.search(form.elements.q.value);
    else if (form.matches("[data-walk-form]")) {
      const number = Number(form.elements.people.value);
      if (!form.reportValidity() || !number) return;
      const name = form.elements.name.value.trim();
      form.reset();
      tell(fill(texts.walked, { n: number }));
      note({ act: "walk", key: crypto.randomUUID(), people: number, name });
    } else return;
    submitted.preventDefault();
  }, { capture: true });
  root.querySelector("[data-search] input").addEventListener("input", ({ target }) => rows.search(target.value));
  root.querySelector("[data-send]").addEventListener("click", send);
}

function handleTickets() {
  const block = root.querySelector("[data-scan]");
  if (!block) return;
  block.hidden = false;
  const button = block.querySelector("[data-camera]");
  const video = block.querySelector("[data-camera-view]");
  let stop = null;
  let asked = false;
  const watching = (ends) => {
    stop = ends;
    button.querySelector("span").textContent = stop ? texts.stop : texts.scan;
    root.toggleAttribute("data-watching", Boolean(stop));
  };
  const lost = () => {
    watching(null);
    tell(texts.lost, "refused");
  };
  button.addEventListener("click", async () => {
    if (asked) return; // a second touch while the browser asks for the camera
    if (stop) {
      stop();
      watching(null);
      return;
    }
    asked = true;
    try {
      watching(await watch(video, { found, lost }));
      video.scrollIntoView({ block: "center" });
    } catch (error) {
      tell(error.name === "NotAllowedError" ? texts.forbidden : texts.nocamera, "refused");
    } finally {
      asked = false;
    }
  });
  block.querySelector("[data-picture]").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    target.value = "";
    const code = file && (await readPicture(file).catch(() => null));
    if (code) found(code);
    else tell(texts.unread, "refused");
  });
}

/** Keep this page, with its names and tickets, for who opens it again without the network. */
async function keepPage() {
  if (!("serviceWorker" in navigator)) return;
  await navigator.serviceWorker.register(texts.worker);
  const { active } = await navigator.serviceWorker.ready;
  localStorage.setItem("parvis-kept-for", person);
  active.postMessage({ keep: location.pathname, person });
}

export async function start() {
  for (const line of rows.byId.values()) {
    const { id, time, came, key } = line.dataset;
    latest[id] = [time, Number(came), key];
  }
  people = {
    present: Number(root.querySelector("[data-present]").textContent),
    expected: Number(root.querySelector("[data-expected]").textContent),
  };
  if (!("keptCopy" in document.body.dataset)) {
    await store.prune(made - 1000);
  }
  handleForms();
  handleTickets();
  await show();
  addEventListener("online", send);
  addEventListener("offline", () => {
    connected = false;
    show();
  });
  document.addEventListener("visibilitychange", () => document.hidden || send());
  let ticks = 0;
  setInterval(() => {
    ticks += 1;
    if (!document.hidden && !sending && (!connected || ticks % LOOK === 0)) send();
  }, TICK);
  await send();
  await keepPage();
}
