// What this device keeps of maps: forms being written, and forms that wait for the network.
// Pages and the service worker share it.
const NAME = "parvis-maps";
const MONTH = 30 * 24 * 3600 * 1000; // milliseconds
const MAX_DRAFTS = 20;

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("drafts", { keyPath: "key" });
      asked.result.createObjectStore("queue", { keyPath: "key" });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
  return opening;
}

class Store {
  constructor(name) {
    this.name = name;
  }

  async do(mode, act) {
    const base = await open();
    return new Promise((resolve, reject) => {
      const work = base.transaction(this.name, mode);
      const asked = act(work.objectStore(this.name));
      work.oncomplete = () => resolve(asked.result);
      work.onabort = () => reject(work.error);
    });
  }

  all() {
    return this.do("readonly", (rows) => rows.getAll());
  }

  get(key) {
    return this.do("readonly", (rows) => rows.get(key));
  }

  put(row) {
    return this.do("readwrite", (rows) => rows.put(row));
  }

  delete(key) {
    return this.do("readwrite", (rows) => rows.delete(key));
  }
}

/** Forms being written: `{key, map, category, person, at, fields}`; `key` is the submission key. */
export const drafts = new Store("drafts");
/** Forms that wait: what `entryOf` makes. */
export const queue = new Store("queue");

/** Forget drafts a month old, and the oldest of too many. */
export async function prune() {
  const rows = (await drafts.all()).sort((a, b) => b.at - a.at);
  const old = rows.filter((row, index) => index >= MAX_DRAFTS || Date.now() - row.at > MONTH);
  await Promise.all(old.map((row) => drafts.delete(row.key)));
}

/** Forget what was sent under that key. */
export async function forget(key) {
  await Promise.all([drafts.delete(key), queue.delete(key)]);
}

const LEFT_OUT = ["csrfmiddlewaretoken", "action", "person", "website", "new_category"];

/** The fields of a form as they are kept: pairs of a name and a text or a file. */
export function fieldsOf(data) {
  return [...data].filter(
    ([name, value]) => !LEFT_OUT.includes(name) && !(value instanceof Blob && !value.size),
  );
}

/** A form that waits, from its data and the address that it goes to. */
export function entryOf(data, pathname) {
  return {
    key: data.get("submission_key"),
    map: pathname.split("/").at(-3),
    url: pathname,
    category: data.get("category"),
    person: data.get("person") ?? "",
    title: String(data.get("title") ?? "").trim(),
    at: Date.now(),
    state: "waiting", // waiting, refused, other (another person is signed in), gone (no such map), sent
    reasons: [],
    fields: fieldsOf(data),
  };
}
