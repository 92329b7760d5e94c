// Similar ideas appear while a title is being written.
const form = document.querySelector("[data-idea-form]");

if (form) {
  const zone = form.querySelector("[data-similar]");
  const title = form.elements.title;
  form.querySelector("[data-similar-ask]").hidden = true;
  let timer = 0;
  let asked = title.value.trim();

  const look = async () => {
    const text = title.value.trim();
    if (text === asked || text.length < 4) return;
    asked = text;
    const url = `${form.dataset.similarUrl}?${new URLSearchParams({ texte: text.slice(0, 300) })}`;
    try {
      const answer = await fetch(url, { credentials: "same-origin" });
      if (!answer.ok || asked !== text) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      zone.replaceChildren(...page.body.childNodes);
    } catch {
      // No network: the form itself does not need this.
    }
  };
  title.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, 500);
  });
}
