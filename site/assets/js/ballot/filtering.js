// Search among the projects without asking the server; what is marked stays marked.
export function filtering(form, say) {
  const filters = [...form.querySelectorAll("[data-filter]")];
  const shown = form.querySelector("[data-shown]");
  // A page that the server filtered holds only part of the ballot: it keeps its own buttons.
  const isWhole =
    !form.querySelector("input[type=hidden][data-project]") && !filters.some((f) => f.value);
  if (!isWhole) return;
  document.documentElement.classList.add("b-scripted");
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const cards = [...form.querySelectorAll(".choice-card")].map((card) => ({
    card,
    text: plain(card.querySelector(".b-choice").textContent),
  }));
  let timer = 0;

  function apply() {
    const value = (name) => filters.find((f) => f.dataset.filter === name)?.value ?? "";
    const text = plain(value("text").trim());
    let visible = 0;
    for (const { card, text: content } of cards) {
      const fits =
        (!text || content.includes(text)) &&
        ["category", "territory"].every((n) => !value(n) || card.dataset[n] === value(n));
      card.hidden = !fits;
      visible += fits ? 1 : 0;
    }
    shown.textContent = say(visible > 1 ? "shown_many" : "shown_one", {
      count: visible,
      all: cards.length,
    });
  }

  for (const filter of filters) {
    filter.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(apply, 200);
    });
  }
  form.addEventListener("keydown", (event) => {
    // Enter in the search field searches; it must not send the ballot.
    if (event.key === "Enter" && event.target.dataset.filter) {
      event.preventDefault();
      apply();
    }
  });
}
