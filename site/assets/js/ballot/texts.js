// Sentences come translated with the page; their `{…}` are filled in here.
export function sentences(texts) {
  return (name, values = {}) =>
    texts[name].replace(/\{(\w+)\}/g, (whole, part) => values[part] ?? whole);
}

export function money(cents) {
  return new Intl.NumberFormat(document.documentElement.lang, {
    style: "currency",
    currency: "EUR",
    minimumFractionDigits: cents % 100 ? 2 : 0,
  }).format(cents / 100);
}

// A polite live region that speaks when one pauses, not at every keystroke.
export function announcer(region, pause = 500) {
  let timer = 0;
  return (text) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (region.textContent !== text) region.textContent = text;
    }, pause);
  };
}
