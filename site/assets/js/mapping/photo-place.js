// A photo often says where it was taken. It is read here, on the visitor's own device, and offered
// as the place; the file's own note of it is erased by the site.
const form = document.querySelector("[data-wish-form]");
const offer = form?.querySelector("[data-photo-place]");
const HEAD = 256 * 1024; // bytes: the note comes first

/** Where a JPEG says it was taken: `{lat, lng}`, or null. */
export function positionIn(buffer) {
  const view = new DataView(buffer);
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  for (let at = 2; at + 10 < view.byteLength; ) {
    const marker = view.getUint16(at);
    const size = view.getUint16(at + 2);
    if (marker === 0xffe1 && view.getUint32(at + 4) === 0x45786966) return gpsOf(view, at + 10);
    if ((marker & 0xff00) !== 0xff00 || marker === 0xffda) return null;
    at += 2 + size;
  }
  return null;
}

function gpsOf(view, base) {
  const little = view.getUint16(base) === 0x4949;
  const short = (at) => view.getUint16(base + at, little);
  const long = (at) => view.getUint32(base + at, little);
  const entries = (at) => {
    const found = new Map();
    for (let i = 0; i < Math.min(short(at), 200); i += 1) {
      const entry = at + 2 + i * 12;
      found.set(short(entry), entry);
    }
    return found;
  };
  const pointer = entries(long(4)).get(0x8825);
  if (pointer === undefined) return null;
  const gps = entries(long(pointer + 8));
  const degrees = (letter, value, negative) => {
    if (!gps.has(letter) || !gps.has(value)) return NaN;
    const place = long(gps.get(value) + 8);
    const part = (i) => long(place + i * 8) / long(place + i * 8 + 4);
    const sum = part(0) + part(1) / 60 + part(2) / 3600;
    return String.fromCharCode(view.getUint8(base + gps.get(letter) + 8)) === negative ? -sum : sum;
  };
  const lat = degrees(1, 2, "S");
  const lng = degrees(3, 4, "W");
  const known = Math.abs(lat) <= 90 && Math.abs(lng) <= 180 && (lat || lng);
  return known ? { lat, lng } : null;
}

if (offer) {
  const button = offer.querySelector("button");
  let found = null;
  form.addEventListener("change", async (event) => {
    const file = event.target.type === "file" && event.target.files[0];
    if (!file || form.elements.place_vertices.value.trim()) return;
    try {
      found = positionIn(await file.slice(0, HEAD).arrayBuffer());
    } catch {
      found = null; // a damaged file: the site says so when it is sent
    }
    offer.hidden = !found;
  });
  button.addEventListener("click", () => {
    const kind = form.querySelector('[name="place_kind"][value="point"]');
    if (kind?.type === "radio" && !kind.checked) {
      kind.checked = true;
      kind.dispatchEvent(new Event("change", { bubbles: true }));
    }
    const text = form.elements.place_vertices;
    text.value = `${found.lat.toFixed(6)}, ${found.lng.toFixed(6)}`;
    text.dispatchEvent(new Event("change", { bubbles: true }));
    offer.querySelector("[role=status]").textContent = offer.dataset.done;
    button.hidden = true;
  });
}
