// Puts kept fields back in a form, as if somebody typed them.

/** `fields`: pairs of a name and a text or a file; `filesOnly`: leave what is typed alone. */
export function fill(form, fields, { filesOnly = false } = {}) {
  const given = new Map();
  for (const [name, value] of fields) given.set(name, [...(given.get(name) ?? []), value]);
  for (const input of form.elements) {
    if (!input.name || input.type === "submit") continue;
    const values = given.get(input.name) ?? [];
    if (input.type === "file") {
      if (putFiles(input, values)) tell(input);
    } else if (!filesOnly && put(input, values, given.has(input.name))) tell(input);
  }
}

function put(input, values, isGiven) {
  if (input.type === "radio" || input.type === "checkbox") {
    const ticked = values.includes(input.value);
    if (input.checked === ticked) return false;
    input.checked = ticked;
    return input.type === "checkbox" || ticked;
  }
  if (!isGiven || input.value === values[0]) return false;
  input.value = values[0];
  return true;
}

function putFiles(input, values) {
  const files = values.filter((value) => value instanceof Blob);
  if (!files.length) return false;
  const holder = new DataTransfer();
  for (const file of files) holder.items.add(file);
  input.files = holder.files;
  return true;
}

function tell(input) {
  const fold = input.closest("details.disclosure");
  if (fold) fold.open = true;
  input.dispatchEvent(new Event("input", { bubbles: true }));
  input.dispatchEvent(new Event("change", { bubbles: true }));
}
