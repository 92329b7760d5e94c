// Tells the form when what is drawn changed, so that what is close by is looked up again. Drawing
// tools write in a text field without an event of its own.
const form = document.querySelector("[data-wish-form]");
const text = form?.querySelector('[name="place_vertices"]');
const EVERY = 700; // milliseconds

if (text) {
  let known = text.value;
  setInterval(() => {
    if (text.value === known || document.hidden) return;
    known = text.value;
    form.dispatchEvent(new Event("drawn"));
  }, EVERY);
  form.querySelector("[data-look]")?.setAttribute("hidden", "");
}
