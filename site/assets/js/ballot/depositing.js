// Seal, send, and send again the same envelope with the same key until an answer comes: however
// often it arrives, it is one ballot with one receipt.
import { fromBase64url, sealBallot } from "../sealing.js";

const PAUSES = [1, 2, 4, 8, 15]; // seconds between attempts that this page makes by itself
const PATIENCE = 20_000; // milliseconds for one answer

export function depositing(steps, terms, say, { token, forget }) {
  const section = steps.find("review");
  const part = (name) => section.querySelector(`[data-${name}]`);
  const buttons = { confirm: part("confirm"), again: part("again"), edit: part("edit") };
  let marks = [];
  let parcel = null;

  function prepare(chosen) {
    marks = chosen;
    parcel = null;
    tell("");
    refuse([]);
    part("unsealed").hidden = true;
    buttons.confirm.hidden = false;
    buttons.again.hidden = true;
  }

  function tell(text) {
    part("status").textContent = text;
  }

  // Why it was not deposited, and the links that lead to what mends it.
  function refuse(sentences, links = []) {
    const box = part("refused");
    box.hidden = sentences.length === 0;
    box.querySelector("ul").replaceChildren(
      ...sentences.map((text) => {
        const item = document.createElement("li");
        item.textContent = text;
        return item;
      }),
    );
    const ways = part("mending");
    ways.hidden = links.length === 0;
    ways.querySelector("span").replaceChildren(
      ...links.map(({ label, url }) => {
        const way = document.createElement("a");
        way.className = "button button-secondary";
        way.href = url;
        way.textContent = label;
        return way;
      }),
    );
    if (sentences.length) box.focus();
  }

  function busy(isBusy) {
    if (isBusy) section.dataset.busy = "yes";
    else delete section.dataset.busy;
    for (const button of Object.values(buttons)) {
      button.setAttribute("aria-disabled", String(isBusy));
    }
  }

  async function seal() {
    const points = terms.kind === "cumulative" ? marks.map(({ value }) => value) : null;
    const { envelope, ballotCode } = await sealBallot({
      publicKey: fromBase64url(terms.publicKey),
      pollId: terms.pollId,
      paddedLength: terms.paddedLength,
      choices: marks.map(({ id }) => id),
      points,
      ranked: terms.kind === "ordinal",
    });
    return { envelope, ballotCode, key: crypto.randomUUID() };
  }

  async function confirm() {
    if (section.dataset.busy) return;
    busy(true);
    refuse([]);
    buttons.again.hidden = true;
    try {
      if (!parcel) {
        tell(say("sealing"));
        parcel = await seal();
      }
    } catch {
      busy(false);
      tell("");
      buttons.confirm.hidden = true;
      part("unsealed").hidden = false;
      part("unsealed").focus();
      return;
    }
    const answer = await send();
    busy(false);
    tell("");
    if (!answer) {
      tell(say("lost"));
      buttons.confirm.hidden = true;
      buttons.again.hidden = false;
      buttons.again.focus();
    } else if (answer.depositCode) {
      receipt(answer);
    } else {
      if (answer.csrf) token = answer.csrf;
      else parcel = null; // what was refused is never sent again
      refuse(answer.sentences, answer.links);
    }
  }

  // The answer to the envelope, or null when none came after all attempts.
  async function send() {
    for (let attempt = 0; ; attempt += 1) {
      tell(say("sending"));
      const answer = await post();
      if (answer || attempt === PAUSES.length) return answer;
      if (!navigator.onLine) {
        tell(say("offline"));
        await new Promise((resolve) => window.addEventListener("online", resolve, { once: true }));
      } else {
        tell(say("waiting", { seconds: PAUSES[attempt] }));
        await new Promise((resolve) => setTimeout(resolve, PAUSES[attempt] * 1000));
      }
    }
  }

  // One attempt. Only a clear answer counts: everything else is a lost one.
  async function post() {
    try {
      const response = await fetch(terms.deposit, {
        method: "POST",
        body: new URLSearchParams({
          csrfmiddlewaretoken: token,
          cle: parcel.key,
          enveloppe: parcel.envelope,
        }),
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE),
      });
      const answer = await response.json();
      return answer.depositCode || answer.sentences ? answer : null;
    } catch {
      return null;
    }
  }

  function receipt(answer) {
    const kept = steps.find("receipt");
    const fill = (name, text) => {
      kept.querySelector(`[data-${name}]`).textContent = text;
    };
    fill("ballot-code", parcel.ballotCode.match(/.{4}/g).join(" "));
    fill("deposit-code", answer.depositCode);
    fill("day", say("deposited_on", { day: answer.day }));
    fill("recast", answer.recast ? say("replaces") : "");
    forget();
    parcel = null;
    marks = [];
    part("review-list").replaceChildren();
    steps.go("receipt");
  }

  buttons.confirm.addEventListener("click", confirm);
  buttons.again.addEventListener("click", confirm);
  window.addEventListener("beforeunload", (event) => {
    if (section.dataset.busy) event.preventDefault();
  });
  return { prepare };
}
