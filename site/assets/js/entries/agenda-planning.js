// The timeline of the planning: a bar dragged, or pushed by arrows, leads to the form of its dates
// with the new ones. Bars are links to that form, which is all there is without this script.
const plan = document.querySelector("svg.plan");
const said = document.querySelector("[data-plan-said]");
const DAY = 86_400_000;
const MONTHS = { month: 1, season: 3, year: 12 };
const FAR = 4; // pixels before a press becomes a drag
const words = new Intl.DateTimeFormat(document.documentElement.lang || "fr", {
  day: "numeric", month: "long", year: "numeric", timeZone: "UTC",
});

const day = (text) => new Date(`${text}T00:00:00Z`);
const iso = (date) => date.toISOString().slice(0, 10);
const plusDays = (date, days) => new Date(date.getTime() + days * DAY);
const plusMonths = (date, months) =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + months, date.getUTCDate()));

/** The first and last days of a bar after so many steps of its precision; whole months stay whole. */
function shifted(bar, steps) {
  const { first, last, precision } = bar.dataset;
  const months = MONTHS[precision];
  if (!months) return [plusDays(day(first), steps), plusDays(day(last), steps)];
  const end = plusMonths(plusDays(day(last), 1), steps * months);
  return [plusMonths(day(first), steps * months), plusDays(end, -1)];
}

/** How many steps of a bar's precision so many units of the drawing are. */
function stepsOf(bar, units) {
  const days = units / Number(plan.dataset.day);
  return Math.round(days / (30.44 * (MONTHS[bar.dataset.precision] ?? 1 / 30.44)));
}

function show(bar, steps) {
  const [first, last] = shifted(bar, steps);
  const days = Math.round((first - day(bar.dataset.first)) / DAY);
  bar.setAttribute("transform", `translate(${days * Number(plan.dataset.day)} 0)`);
  bar.dataset.steps = steps;
  const address = new URL(bar.dataset.home, location.href);
  if (steps) {
    address.searchParams.set("first", iso(first));
    address.searchParams.set("last", iso(last));
    address.searchParams.set("precision", bar.dataset.precision);
  }
  bar.setAttribute("href", address.pathname + address.search);
  const dates = iso(first) === iso(last) ? words.format(first) : words.formatRange(first, last);
  said.textContent = steps ? plan.dataset.said.replace("{dates}", dates) : "";
}

function back(bar) {
  if (!Number(bar.dataset.steps)) return;
  show(bar, 0);
  said.textContent = plan.dataset.back;
}

function draggable(bar) {
  bar.dataset.home = bar.getAttribute("href");
  let pressed = null;
  let dragged = false;
  bar.addEventListener("dragstart", (event) => event.preventDefault());
  bar.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    pressed = event.clientX;
    dragged = false;
  });
  bar.addEventListener("pointermove", (event) => {
    if (pressed === null) return;
    const moved = event.clientX - pressed;
    if (!dragged && Math.abs(moved) < FAR) return;
    if (!dragged) bar.setPointerCapture(event.pointerId);
    dragged = true;
    bar.classList.add("plan-bar--held");
    show(bar, stepsOf(bar, moved / plan.getScreenCTM().a));
  });
  bar.addEventListener("pointerup", () => {
    pressed = null;
    bar.classList.remove("plan-bar--held");
    if (dragged && Number(bar.dataset.steps)) location.assign(bar.getAttribute("href"));
  });
  bar.addEventListener("pointercancel", () => {
    pressed = null;
    bar.classList.remove("plan-bar--held");
    back(bar);
  });
  // The press that ended a drag is no click on the link.
  bar.addEventListener("click", (event) => {
    if (dragged) event.preventDefault();
    dragged = false;
  });
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      show(bar, Number(bar.dataset.steps ?? 0) + step);
    } else if (event.key === "Escape") {
      pressed = null;
      dragged = false;
      back(bar);
    }
  });
  bar.addEventListener("blur", () => { if (pressed === null && !dragged) back(bar); });
}

if (plan) for (const bar of plan.querySelectorAll("a[data-first]")) draggable(bar);

// Back from the form, what was pushed is where it was.
window.addEventListener("pageshow", (event) => {
  if (event.persisted && plan) for (const bar of plan.querySelectorAll("a[data-first]")) show(bar, 0);
});
