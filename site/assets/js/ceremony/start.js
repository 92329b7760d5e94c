// Lead three members through their sheets, one after the other, then send the public part.
import { canSeal } from "../sealing.js";
import { memberPublicKey, newSecret, plain, votesKey } from "./secrets.js";

const names = document.querySelector("[data-ceremony-names]");
const sheets = document.querySelector("[data-ceremony]");

canSeal().then((able) => {
  if (able && names) offerBrowser();
  if (able && sheets) hold();
});

// The page of the names: the next one is that of the browser's own ceremony.
function offerBrowser() {
  names.querySelector("[name=step]").value = "browser";
  document.querySelector("[data-by-server]").hidden = true;
  document.querySelector("[data-by-browser]").hidden = false;
}

async function hold() {
  const key = await votesKey();
  const sections = [...sheets.querySelectorAll("[data-member]")];
  const members = sections.map(({ dataset }) => ({ name: dataset.name, email: dataset.email }));
  const warn = (event) => event.preventDefault();
  window.addEventListener("beforeunload", warn);
  sheets.querySelector("[data-unable]").hidden = true;

  for (const [place, section] of sections.entries()) {
    section.querySelector("[data-fingerprint]").textContent = key.fingerprint;
    section.hidden = false;
    members[place].publicKey = await giveSecret(section);
    section.hidden = true;
  }

  const sending = sheets.querySelector("[data-sending]");
  sending.hidden = false;
  const form = sending.querySelector("form");
  form.querySelector("[name=board]").value = JSON.stringify(await key.seal(members));
  window.removeEventListener("beforeunload", warn);
  form.submit();
}

// Show a member's secret until it is typed back from its sheet; the public key that it makes.
function giveSecret(section) {
  const part = (name) => section.querySelector(`[data-${name}]`);
  const [sheet, retype, wrong, input] = ["sheet", "retype", "wrong", "input"].map(part);
  const shown = part("secret");
  let secret = "";

  function show() {
    secret = newSecret();
    shown.textContent = secret;
    sheet.hidden = false;
    retype.hidden = true;
    part("heading").focus();
  }

  function hide() {
    shown.textContent = "";
    input.value = "";
    refuse(false);
    sheet.hidden = true;
    retype.hidden = false;
    input.focus();
  }

  function refuse(isWrong) {
    wrong.hidden = !isWrong;
    input.setAttribute("aria-invalid", String(isWrong));
    if (isWrong) input.focus();
  }

  return new Promise((resolve) => {
    part("print").addEventListener("click", () => window.print());
    part("hide").addEventListener("click", hide);
    part("again").addEventListener("click", show);
    retype.addEventListener("submit", (event) => {
      event.preventDefault();
      if (plain(input.value) !== plain(secret)) return refuse(true);
      input.value = "";
      resolve(memberPublicKey(secret));
    });
    show();
  });
}
