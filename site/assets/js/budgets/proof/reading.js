// Read the published files: semicolon tables, canonical JSON, digests.

const encoder = new TextEncoder();

export const bytes = (text) => encoder.encode(text);
export const text = (data) => new TextDecoder("utf-8", { fatal: true }).decode(data);

export async function sha256(data) {
  return hex(await crypto.subtle.digest("SHA-256", typeof data === "string" ? bytes(data) : data));
}

export function hex(data) {
  return [...new Uint8Array(data)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function unhex(digits, length) {
  if (!new RegExp(`^[0-9a-f]{${length}}$`).test(digits)) throw new Error("hexadecimal");
  return Uint8Array.from(digits.match(/../g), (pair) => parseInt(pair, 16));
}

// One line of hexadecimal figures and its line feed, nothing else.
export function hexLine(data, length) {
  const line = text(data);
  if (!line.endsWith("\n")) throw new Error("line");
  return unhex(line.slice(0, -1), length);
}

// Strings in the order of their code points, as everywhere outside JavaScript.
export function compare(one, two) {
  const left = [...one];
  const right = [...two];
  for (let place = 0; place < Math.min(left.length, right.length); place += 1) {
    const difference = left[place].codePointAt(0) - right[place].codePointAt(0);
    if (difference) return difference;
  }
  return left.length - right.length;
}

// Lists element by element, the shorter first when one begins the other.
export function compareLists(one, two, compareItems) {
  for (let place = 0; place < Math.min(one.length, two.length); place += 1) {
    const difference = compareItems(one[place], two[place]);
    if (difference) return difference;
  }
  return one.length - two.length;
}

// JSON with sorted keys and no blank: the same value always has the same text.
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const keys = Object.keys(value).sort(compare);
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

export function json(data) {
  const value = JSON.parse(text(data));
  if (canonical(value) !== text(data)) throw new Error("canonical");
  return value;
}

// Rows of cells; a quoted cell may hold semicolons, line ends and doubled quotes.
export function rows(data) {
  const source = text(data);
  const found = [];
  let row = [];
  let place = 0;
  while (place < source.length) {
    let cell = "";
    if (source[place] === '"') {
      for (;;) {
        const end = source.indexOf('"', place + 1);
        if (end < 0) throw new Error("quote");
        cell += source.slice(place + 1, end);
        place = end + 1;
        if (source[place] !== '"') break;
        cell += '"';
      }
    } else {
      const rest = /[^;\n]*/y;
      rest.lastIndex = place;
      [cell] = rest.exec(source);
      place += cell.length;
    }
    row.push(cell);
    if (source[place] === "\n") {
      found.push(row);
      row = [];
    } else if (source[place] !== ";") throw new Error("cell");
    place += 1;
  }
  if (row.length) throw new Error("end");
  return found;
}

// The three sections of a .pb file: META by key, projects and votes as objects.
export function election(data) {
  const sections = { META: [], PROJECTS: [], VOTES: [] };
  let current = null;
  for (const row of rows(data)) {
    if (row.length === 1 && sections[row[0]]) current = sections[row[0]];
    else current.push(row);
  }
  const table = ([header, ...lines]) =>
    lines.map((line) => {
      if (line.length !== header.length) throw new Error("columns");
      return Object.fromEntries(header.map((name, place) => [name, line[place]]));
    });
  const meta = Object.fromEntries(table(sections.META).map((row) => [row.key, row.value]));
  return { meta, projects: table(sections.PROJECTS), votes: table(sections.VOTES) };
}

// Cents of an amount such as 12 or 12.50.
export function cents(amount) {
  const parts = /^([0-9]{1,13})(?:\.([0-9]{1,2}))?$/.exec(amount);
  if (!parts) throw new Error("amount");
  return Number(parts[1]) * 100 + Number((parts[2] ?? "").padEnd(2, "0"));
}
