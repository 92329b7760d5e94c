// Arrivals noted at this door: those that wait for the network, and those sent since the page was
// made. No name is kept: a line is known by the number of its registration.
const NAME = "parvis-door";
const WEEK = 7 * 24 * 3600 * 1000; // milliseconds

let opening = null;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("queue", { keyPath: "id", autoIncrement: true });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => asked.result.close();
      resolve(asked.result);
    };
    asked.onerror = () => reject(asked.error);
  });
  return opening;
}

async function act(mode, ask) {
  const base = await open();
  return new Promise((resolve, reject) => {
    const work = base.transaction("queue", mode);
    const asked = ask(work.objectStore("queue"));
    work.oncomplete = () => resolve(asked.result);
    work.onabort = () => reject(work.error);
  });
}

/** `{id, event, person, act, key, registration, code, people, name, at, state, reasons}`, in order. */
export const all = () => act("readonly", (rows) => rows.getAll());
export const get = (id) => act("readonly", (rows) => rows.get(id));
export const put = (row) => act("readwrite", (rows) => rows.put(row));
export const remove = (id) => act("readwrite", (rows) => rows.delete(id));

/** Forget what was sent before the page that shows it was made, and what nobody sent in a week. */
export async function prune(before) {
  for (const row of await all()) {
    const sent = row.state === "sent" && row.sentAt < before;
    if (sent || Date.now() - Date.parse(row.at) > WEEK) await remove(row.id);
  }
}
