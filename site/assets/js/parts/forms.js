// Focus goes to the summary of errors; long texts say how many characters are left.
document.querySelector("[data-focus-me]")?.focus();

function count(part) {
  for (const input of part.querySelectorAll("[data-counter][maxlength]")) {
    if (input.nextElementSibling?.className.startsWith("counter")) continue;
    const counter = document.createElement("span");
    counter.className = "counter";
    counter.setAttribute("aria-hidden", "true");
    const show = () => {
      const left = input.maxLength - input.value.length;
      counter.textContent = `${input.value.length} / ${input.maxLength}`;
      counter.classList.toggle("counter-over", left <= 0);
    };
    input.addEventListener("input", show);
    input.after(counter);
    show();
  }
}

count(document);
// What htmx puts into the page comes without its counters.
document.addEventListener("htmx:after:process", (event) => count(event.target));

// A form is sent once: the server would find the first submission anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
});
