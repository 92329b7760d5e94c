// Dark or light colours, remembered in this browser.
const button = document.querySelector("[data-scheme-switch]");
if (button) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const root = document.documentElement;
    const dark = root.dataset.scheme
      ? root.dataset.scheme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.scheme = dark ? "light" : "dark";
    try {
      localStorage.setItem("parvis-scheme", root.dataset.scheme);
    } catch {
      // Not remembered, but shown.
    }
  });
}
