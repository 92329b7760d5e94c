// Comfort on the pages of accounts. Everything works without it, keys excepted.

// Forms that need a key appear only where the browser knows keys.
if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll("[data-passkey]")) form.hidden = false;
}

// allauth's own script tells what went wrong with a key; the page says it in words.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  for (const message of document.querySelectorAll("[data-passkey-error]")) message.hidden = false;
});

// A button that shows the password while one types it.
const words = document.querySelector("[data-show-password]");
if (words) {
  for (const input of document.querySelectorAll('input[type="password"]')) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button-quiet button-small show-password";
    button.textContent = words.dataset.showPassword;
    button.setAttribute("aria-pressed", "false");
    button.setAttribute("aria-controls", input.id);
    button.addEventListener("click", () => {
      const shown = input.type === "text";
      input.type = shown ? "password" : "text";
      button.setAttribute("aria-pressed", String(!shown));
      button.textContent = shown ? words.dataset.showPassword : words.dataset.hidePassword;
    });
    input.insertAdjacentElement("afterend", button);
    input.form?.addEventListener("submit", () => { input.type = "password"; });
  }
}
