// Before anything is painted: the colours this visitor asked for, if any.
try {
  const asked = localStorage.getItem("parvis-scheme");
  if (asked === "dark" || asked === "light") document.documentElement.dataset.scheme = asked;
} catch {
  // Storage is refused: the browser's own preference stands.
}
