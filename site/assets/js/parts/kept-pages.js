// Copies of pages kept for a time without network name who was signed in: they go with that person.
const KEPT_FOR = "parvis-kept-for";

try {
  const kept = localStorage.getItem(KEPT_FOR);
  if (kept !== null && kept !== document.documentElement.dataset.person) {
    localStorage.removeItem(KEPT_FOR);
    caches.keys().then((names) => {
      for (const name of names) if (/^parvis-(map|door)-pages/.test(name)) caches.delete(name);
    });
  }
} catch {
  // No storage here: nothing was kept.
}
