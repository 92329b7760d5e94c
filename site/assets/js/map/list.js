// The page's list and the map point at each other (`data-feature-id` on both sides).

const ITEM = "[data-feature-id]";

/**
 * @param listId id of the element that holds the list; may be absent.
 * @param highlight called with (feature id, on, item) when a list item is pointed at or has the focus.
 * @returns {{watch, lightUp}} `watch(element, id)` lights up the list item while the marker is
 *   pointed at; `lightUp(id, on)` does it at once.
 */
export function syncList(listId, highlight) {
  const current = () => (listId ? document.getElementById(listId) : null);
  const tell = (on) => (event) => {
    const list = current();
    const item = event.target.closest?.(ITEM);
    if (item && list?.contains(item)) highlight(item.dataset.featureId, on, item);
  };
  if (listId) {
    // On the document: the list may be replaced by a filter without a new page.
    for (const name of ["mouseover", "focusin"]) document.addEventListener(name, tell(true));
    for (const name of ["mouseout", "focusout"]) document.addEventListener(name, tell(false));
  }
  const lightUp = (id, on) => {
    const item = [...(current()?.querySelectorAll(ITEM) ?? [])].find(
      (each) => each.dataset.featureId === String(id),
    );
    item?.classList.toggle("is-on-map", on);
  };
  return {
    lightUp,
    watch(element, id) {
      for (const name of ["mouseenter", "focus"]) {
        element.addEventListener(name, () => lightUp(id, true));
      }
      for (const name of ["mouseleave", "blur"]) {
        element.addEventListener(name, () => lightUp(id, false));
      }
    },
  };
}
