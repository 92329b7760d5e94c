// Leaflet itself: django-leaflet's static file, fetched once however many maps there are.

let loading;

export function loadLeaflet(url) {
  loading ??= new Promise((resolve, reject) => {
    if (window.L?.map) {
      resolve(window.L);
      return;
    }
    const script = document.createElement("script");
    script.src = url;
    script.addEventListener("load", () =>
      window.L?.map ? resolve(window.L) : reject(new Error("Leaflet is incomplete")),
    );
    script.addEventListener("error", () => reject(new Error(`No answer for ${url}`)));
    document.head.append(script);
  });
  return loading;
}

/** JSON that the server wrote into the page (Django's json_script). */
export function readJson(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

export async function fetchJson(url) {
  const response = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
  if (!response.ok) throw new Error(`${url}: ${response.status}`);
  return response.json();
}

/** "1 place", "23 places": the page's language decides which form. */
export function counted(texts, count, values = {}) {
  const rule = new Intl.PluralRules(document.documentElement.lang || "fr").select(count);
  return fill(rule === "one" ? texts.one : texts.many, { count: number(count), ...values });
}

export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

function number(value) {
  return new Intl.NumberFormat(document.documentElement.lang || "fr").format(value);
}
