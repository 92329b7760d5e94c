// The questions of a room come into the page of who reads them by themselves. A line that stays where it
// is is not touched, and the one in hand neither: focus stays. Without this script a button does it.
const EVERY = 5000; // milliseconds, as the screen of the room
const PATIENCE = 15_000; // milliseconds
const root = document.querySelector("[data-questions]");
const texts = root.dataset;
const said = root.querySelector("[data-said]");
const clock = new Intl.DateTimeFormat(document.documentElement.lang || "fr", { hour: "2-digit", minute: "2-digit" });
const known = new Set([...root.querySelectorAll("[data-question]")].map((line) => line.dataset.question));
let fresh = true;
let looking = false;

function tell(words) {
  said.textContent = "";
  // Said again even when the words are the same.
  setTimeout(() => {
    said.textContent = words;
  }, 30);
}

/** Make a column hold the lines that the site tells, in their order. */
function place(column, told) {
  const list = column.querySelector("ul");
  const wanted = new Map([...told.querySelectorAll("[data-question]")].map((line) => [line.dataset.question, line]));
  const here = new Map();
  for (const line of [...list.children]) {
    if (wanted.has(line.dataset.question)) here.set(line.dataset.question, line);
    else if (!line.contains(document.activeElement)) line.remove();
  }
  let next = list.firstElementChild;
  for (const [key, line] of wanted) {
    if (here.has(key)) next = here.get(key).nextElementSibling;
    else list.insertBefore(document.adoptNode(line), next);
  }
  list.hidden = !list.children.length;
  column.querySelector("[data-none]").hidden = !list.hidden;
  column.querySelector("[data-count]").textContent = told.querySelector("[data-count]").textContent;
}

async function read() {
  const answer = await fetch(location.pathname, {
    cache: "no-store",
    credentials: "same-origin",
    headers: { "X-Parvis-Part": "questions" },
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status}`); // signed out, or out of order
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const arrived = [...page.querySelectorAll("[data-question]")].filter((line) => !known.has(line.dataset.question));
  for (const line of arrived) known.add(line.dataset.question);
  for (const told of page.querySelectorAll("[data-state]")) {
    place(root.querySelector(`[data-state="${told.dataset.state}"]`), told);
  }
  return arrived.length;
}

async function look() {
  if (document.hidden || looking) return;
  looking = true;
  try {
    const arrived = await read();
    const time = clock.format(new Date());
    if (arrived) tell((arrived === 1 ? texts.one : texts.many.replace("{n}", arrived)).replace("{time}", time));
    else if (!fresh) tell(texts.live);
    fresh = true;
  } catch {
    if (fresh) tell(texts.stale);
    fresh = false;
  } finally {
    looking = false;
  }
}

tell(texts.live);
setInterval(look, EVERY);
document.addEventListener("visibilitychange", look);
