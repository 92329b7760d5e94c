// While Wagtail saves a new page by itself for the first time, the page has no address of its own yet:
// publishing at that instant would make a second page at the same address, and fail. So the button waits
// until the save is over; the form then leads to the page that was made.
const form = document.querySelector("form[data-controller~='w-autosave']");

if (form) {
  let saving = false;
  let waiting = null;

  const go = () => {
    if (saving || !waiting) return;
    const { name, value } = waiting;
    if (name) {
      // The button shows that it works, and is disabled meanwhile: its name goes by a field.
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      form.append(field);
    }
    form.dataset.wAutosaveActiveValue = "false";
    HTMLFormElement.prototype.submit.call(form);
  };
  const over = () => {
    saving = false;
    // Wagtail begins another save at once when something changed during this one.
    setTimeout(go);
  };

  form.addEventListener("w-autosave:save", () => { saving = true; });
  form.addEventListener("w-autosave:success", over);
  form.addEventListener("w-autosave:error", over);
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (!saving) {
      form.dataset.wAutosaveActiveValue = "false";
      return;
    }
    event.preventDefault();
    const button = event.submitter;
    waiting = { name: button?.name ?? "", value: button?.value ?? "" };
  });
}
