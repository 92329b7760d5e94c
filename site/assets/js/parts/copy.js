// Copy the page's address, or hand it to the device's own sharing.
for (const holder of document.querySelectorAll("[data-copy]")) {
  const button = holder.querySelector("[data-copy-button]");
  const status = holder.querySelector("[data-copy-status]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    const url = new URL(holder.dataset.copy, location.href).href;
    try {
      if (navigator.share) await navigator.share({ url, title: document.title });
      else {
        await navigator.clipboard.writeText(url);
        status.textContent = holder.dataset.copied;
      }
    } catch (error) {
      if (error.name !== "AbortError") status.textContent = url;
    }
  });
}
