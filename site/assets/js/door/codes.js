// What a ticket says: its number, or the signed link of a mail. The site alone can prove a signature;
// without a network the list of the page tells who it is, and the site judges when it is sent.
const NUMBER = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;
const LINK = /\/inscription\/([^/\s?#]+)/;

/** `{ticket}` or `{id}` of a code, or `{}`. */
export function meaningOf(code) {
  const number = NUMBER.exec(code);
  if (number) return { ticket: number[0].toLowerCase() };
  const token = decodeURIComponent(LINK.exec(code)?.[1] ?? code.trim());
  try {
    // The first part of a signed value is its JSON in base64: here, a number.
    const id = Number(atob(token.split(":")[0].replaceAll("-", "+").replaceAll("_", "/")));
    return Number.isInteger(id) && id > 0 ? { id } : {};
  } catch {
    return {};
  }
}
