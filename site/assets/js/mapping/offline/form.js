// The form of a new contribution: kept as it is typed, offered again on return, put in the queue
// when there is no network.
import { fill } from "./filling.js";
import { stateOf } from "./sending.js";
import { add, moment } from "./queue-view.js";
import { drafts, entryOf, fieldsOf, forget, prune, queue } from "./store.js";

const form = document.querySelector("[data-wish-form]");
const isNew = Boolean(form) && location.pathname.endsWith("/contribuer/");
const SENT = "parvis-map-sent";
const PAUSE = 400; // milliseconds without a change before a form is kept
const PROBE = 8000;

/** The site has taken a form when it leads to another page than that form. */
export async function settle() {
  const key = sessionStorage.getItem(SENT);
  sessionStorage.removeItem(SENT);
  if (key && !isNew) await forget(key);
}

class NewForm {
  constructor() {
    this.key = form.elements.submission_key;
    this.isCopy = "keptCopy" in form.dataset;
    this.timer = 0;
    this.passes = false;
    this.touched = false;
  }

  get place() {
    const { map } = form.dataset;
    return { map, category: form.elements.category.value, person: form.elements.person.value };
  }

  async start() {
    if (this.isCopy) {
      // A copy is shown many times: each form has a key of its own.
      this.key.value = crypto.randomUUID();
      form.querySelector("[data-copy-note]").hidden = false;
    }
    for (const name of ["input", "change", "drawn"]) form.addEventListener(name, () => this.touch());
    addEventListener("pagehide", () => this.keep());
    document.addEventListener("visibilitychange", () => document.hidden && this.keep());
    form.addEventListener("submit", (event) => this.submit(event));
    await prune();
    await this.restore();
  }

  touch() {
    this.touched = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), PAUSE);
  }

  async keep() {
    clearTimeout(this.timer);
    if (!this.touched) return;
    this.touched = false;
    const fields = fieldsOf(new FormData(form));
    await drafts.put({ key: this.key.value, ...this.place, at: Date.now(), fields });
  }

  async restore() {
    const asked = new URLSearchParams(location.search).get("reprendre");
    const { map, category, person } = this.place;
    if (asked) {
      const entry = await queue.get(asked);
      if (entry && (entry.person === person || !entry.person)) fill(form, entry.fields);
      return;
    }
    const found = (await drafts.all())
      .filter((row) => row.map === map && row.category === category && row.person === person)
      .sort((a, b) => b.at - a.at);
    if ("typed" in form.dataset) {
      const same = found.find((row) => row.key === this.key.value);
      if (same && "lostFiles" in form.dataset) fill(form, same.fields, { filesOnly: true });
      return;
    }
    if (found.length) this.offer(found[0]);
  }

  offer(draft) {
    const box = document.querySelector("[data-draft-offer]");
    const title = draft.fields.find(([name]) => name === "title")?.[1];
    const text = box.querySelector("p");
    text.textContent = text.textContent.replace("{when}", moment(draft.at));
    if (title) text.append(` « ${title} »`);
    box.hidden = false;
    box.querySelector("[data-resume]").addEventListener("click", () => {
      box.hidden = true;
      fill(form, draft.fields);
      form.elements.title.focus();
    });
    box.querySelector("[data-drop]").addEventListener("click", async () => {
      await drafts.delete(draft.key);
      box.hidden = true;
      form.elements.title.focus();
    });
  }

  async submit(event) {
    const action = event.submitter?.value ?? "send";
    if (this.passes || (navigator.onLine && !this.isCopy)) {
      if (["send", "draft"].includes(action)) sessionStorage.setItem(SENT, this.key.value);
      return;
    }
    event.preventDefault();
    const { person } = this.place;
    const state = navigator.onLine ? await stateOf(location.pathname, person, PROBE).catch(() => null) : null;
    if (state?.token) {
      form.elements.csrfmiddlewaretoken.value = state.token; // that of a copy is old
      this.passes = true;
      form.requestSubmit(event.submitter);
      return;
    }
    this.touched = true;
    await this.keep();
    if (action !== "send" || !("takesQueue" in form.dataset)) {
      this.say(action === "send" ? form.dataset.signInLater : form.dataset.needsNetwork);
      return;
    }
    if (!form.reportValidity()) return;
    const { place_vertices: drawn, place_address: address, place_territory: part } = form.elements;
    if (![drawn, address, part].some((input) => input?.value.trim())) {
      this.say(form.dataset.noPlace);
      return;
    }
    const entry = entryOf(new FormData(form), location.pathname);
    form.hidden = true;
    this.touched = false;
    await drafts.delete(entry.key);
    document.querySelector("[data-form-waits]").hidden = false;
    await add(entry);
  }

  say(words) {
    const box = form.querySelector("[data-form-said]");
    box.hidden = false;
    box.textContent = words;
    box.focus();
  }
}

/** Keep, offer and queue, on the page of a new contribution. */
export async function startForm() {
  if (isNew) await new NewForm().start();
}
