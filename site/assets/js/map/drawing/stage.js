// On a phone the map and its tools fill the screen in a real dialog; elsewhere they stay in the page.

// Narrow, or a phone lying on its side.
export const SMALL = "(max-width: 40rem), (pointer: coarse) and (max-height: 30rem)";
const FOCUSABLE = "a[href], button, input, select, textarea, [tabindex='0']";

/**
 * @param act onOpen(), onClose(): what else follows.
 * @returns {{open, close, isOpen}}
 */
export function stage(root, map, act) {
  const home = root.querySelector("[data-stage-home]");
  const scene = root.querySelector("[data-stage]");
  const holder = root.querySelector("[data-map-holder]");
  const dialog = root.querySelector("[data-dialog]");
  const words = root.querySelector("[data-words]");
  const wordsHome = root.querySelector("[data-words-home]");
  const slot = root.querySelector("[data-words-slot]");
  const toggle = root.querySelector('[data-act="expand"]');
  const opener = root.querySelector('[data-act="open"]');
  const small = window.matchMedia(SMALL);
  const touch = window.matchMedia("(pointer: coarse)");

  function arrange() {
    if (dialog.open) return;
    root.classList.toggle("is-small", small.matches);
    // In the page of a phone the map is a picture of the drawing: pressing it opens the dialog.
    holder.inert = small.matches;
    if (touch.matches) map.dragging.disable();
  }

  function expand(on) {
    toggle.setAttribute("aria-expanded", String(on));
    root.classList.toggle("is-expanded", on);
    toggle.querySelector("[data-expand-label]").textContent = on ? act.texts.hide : act.texts.show;
  }

  function open() {
    dialog.append(scene);
    slot.append(words);
    holder.inert = false;
    expand(false);
    dialog.showModal();
    root.classList.add("is-open");
    map.dragging.enable(); // one finger moves the map: there is no page to scroll here
    map.invalidateSize({ animate: false });
    map.getContainer().focus();
    act.onOpen();
  }

  function close() {
    if (dialog.open) dialog.close();
  }

  dialog.addEventListener("close", () => {
    home.prepend(scene);
    wordsHome.append(words);
    root.classList.remove("is-open", "is-expanded");
    arrange();
    map.invalidateSize({ animate: false });
    opener.focus();
    act.onClose();
  });
  // The browser keeps the focus inside; this also keeps it from its own buttons.
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Tab") return;
    const all = [...dialog.querySelectorAll(FOCUSABLE)].filter((each) => each.getClientRects().length && each.tabIndex >= 0);
    const [first, last] = [all[0], all.at(-1)];
    if (event.shiftKey ? document.activeElement === first : document.activeElement === last) {
      event.preventDefault();
      (event.shiftKey ? last : first).focus();
    }
  });
  opener.addEventListener("click", open);
  home.addEventListener("click", (event) => {
    // The press that closes the dialog comes here too, before the scene is back.
    if (dialog.contains(event.target) || dialog.open || !small.matches) return;
    if (event.target.closest("[data-stage]")) open();
  });
  toggle.addEventListener("click", () => expand(toggle.getAttribute("aria-expanded") !== "true"));
  root.querySelector('[data-act="done"]').addEventListener("click", close);
  small.addEventListener("change", arrange);
  expand(false);
  arrange();
  return { open, close, get isOpen() { return dialog.open; }, get small() { return small.matches; } };
}
