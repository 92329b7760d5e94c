// Participatory budgets: everything here improves pages that work without it.
import "../budgets/filters.js";
import "../budgets/idea-form.js";

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
document.querySelector("[data-focus]")?.focus();
