// Two gestures that take the map's place while they last: a freehand trace, and moving the whole.

const TOLERANCE = 4; // pixels: what a finger cannot mean
const AFTER = 350; // milliseconds

/**
 * @param act onTraced(points), onShift(by) while dragging, onShifted(by): `by` maps a place to another.
 * @returns {{mode, set}} `set("trace" | "move" | "")` changes what a press does.
 */
export function gestures(L, map, board, act) {
  const canvas = map.getContainer();
  const state = { mode: "" };
  let points = null;
  let start = null;
  let endedAt = -Infinity;
  let panned = map.dragging.enabled();

  const at = (event) => map.mouseEventToLatLng(event);
  const mine = (event) => state.mode && event.isPrimary && !event.target.closest(".leaflet-control");

  canvas.addEventListener("pointerdown", (event) => {
    endedAt = -Infinity; // a new press is no longer the end of the last gesture
    if (!mine(event) || event.button > 0) return;
    event.preventDefault();
    event.stopPropagation();
    canvas.setPointerCapture(event.pointerId);
    if (state.mode === "trace") points = [at(event)];
    else start = at(event);
  }, { capture: true });

  canvas.addEventListener("pointermove", (event) => {
    if (points) {
      points.push(at(event));
      board.trace(points);
    } else if (start) {
      board.shift(shiftBy(start, at(event)));
    }
  });

  const end = (event) => {
    if (points || start) endedAt = event.timeStamp;
    if (points) {
      const drawn = simplified(points);
      points = null;
      board.trace([]);
      if (event.type === "pointerup" && drawn.length > 1) act.onTraced(drawn);
    } else if (start) {
      const by = shiftBy(start, at(event));
      start = null;
      if (event.type === "pointerup") act.onShifted(by);
      else act.onShifted((place) => place);
    }
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  // The press that begins a gesture is not also a press that adds a point.
  for (const name of ["click", "mousedown", "touchstart", "dblclick"]) {
    canvas.addEventListener(name, (event) => {
      const over = event.timeStamp - endedAt < AFTER; // the click that ends a gesture
      if ((state.mode || over) && !event.target.closest(".leaflet-control")) event.stopPropagation();
    }, { capture: true, passive: true });
  }

  function simplified(places) {
    const pixels = places.map((place) => map.latLngToLayerPoint(place));
    return L.LineUtil.simplify(pixels, TOLERANCE).map((pixel) => map.layerPointToLatLng(pixel));
  }

  function shiftBy(from, to) {
    // In the map's own plane: the shape keeps its angles under the finger.
    const delta = map.project(to).subtract(map.project(from));
    return (place) => map.unproject(map.project(place).add(delta));
  }

  state.set = (mode) => {
    if (mode && !state.mode) panned = map.dragging.enabled();
    state.mode = mode;
    canvas.classList.toggle("is-gesturing", Boolean(mode));
    if (mode) map.dragging.disable();
    else if (panned) map.dragging.enable();
  };
  state.byPixels = (x, y) => (place) => map.unproject(map.project(place).add([x, y]));
  return state;
}
