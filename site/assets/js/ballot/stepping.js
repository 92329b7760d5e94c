// The steps of the page. The browser's own "back" leads from the review to the choice.
export function stepping() {
  const steps = [...document.querySelectorAll("[data-step]")];
  const title = document.title;
  const find = (name) => steps.find((step) => step.dataset.step === name);
  let current = "choose";

  function show(name) {
    current = name;
    for (const step of steps) step.hidden = step.dataset.step !== name;
    const heading = find(name).querySelector("h1");
    document.title = name === "choose" ? title : `${heading.textContent.trim()} – ${title}`;
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }

  function go(name) {
    // A receipt takes the place of the review: nothing is behind it that could be sent again.
    if (name === "review") history.pushState({ step: name }, "");
    show(name);
  }

  window.addEventListener("popstate", (event) => {
    if (current === "receipt" || find("review").dataset.busy) return;
    // Forward to a review that this page no longer holds leads to the choice.
    if (event.state?.step === "review") history.back();
    else if (current !== "choose") show("choose");
  });
  return { find, go };
}
