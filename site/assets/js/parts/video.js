// A video elsewhere is loaded only once the visitor agrees: until then nothing is asked of its host.
// Without this script, the plain link to the host remains.
function play(block) {
  const frame = block.querySelector("[data-video-frame]");
  const player = document.createElement("iframe");
  player.src = block.dataset.embed;
  player.title = block.dataset.title;
  player.allow = "fullscreen; encrypted-media; picture-in-picture";
  player.allowFullscreen = true;
  player.referrerPolicy = "strict-origin-when-cross-origin";
  frame.replaceChildren(player);
  frame.classList.add("is-playing");
  player.focus();
}

for (const block of document.querySelectorAll("[data-video]")) {
  const consent = block.querySelector("[data-video-consent]");
  consent.hidden = false;
  consent.addEventListener("click", () => play(block), { once: true });
}
