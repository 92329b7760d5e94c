// Run the checks on demand and tell each outcome beside its check. Without this script the page
// still explains every check and gives the files and the program.
import { NAMES, Publication, Skipped } from "./checks.js";

const tool = document.querySelector("[data-verify]");
if (tool && globalThis.crypto?.subtle) prepare();

function prepare() {
  const texts = JSON.parse(document.getElementById("verification-texts").textContent);
  const button = tool.querySelector("[data-verify-start]");
  const progress = tool.querySelector("[data-verify-progress]");
  const verdict = tool.querySelector("[data-verify-verdict]");
  const fill = (sentence, values) =>
    sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  function tell(item, state, sentence) {
    item.dataset.outcome = state;
    item.querySelector("[data-state]").textContent = texts[state];
    const found = item.querySelector("[data-found]");
    found.textContent = sentence;
    found.hidden = !sentence;
  }

  async function check(item, run) {
    tell(item, "running", "");
    try {
      tell(item, "holds", fill(item.dataset.holds, await run()));
    } catch (problem) {
      if (problem instanceof Skipped) tell(item, "skipped", texts[problem.reason]);
      else tell(item, "fails", item.dataset.fails);
    }
    progress.value += 1;
    return item.dataset.outcome;
  }

  async function verify() {
    const items = [...document.querySelectorAll("[data-check]")];
    progress.value = 0;
    progress.hidden = false;
    button.disabled = true;
    verdict.dataset.outcome = "running";
    verdict.textContent = texts.running;
    try {
      const { checks } = new Publication(await fetched());
      const outcomes = [];
      for (const item of items) outcomes.push(await check(item, checks[item.dataset.check]));
      conclude(outcomes, items);
    } catch (problem) {
      verdict.dataset.outcome = "skipped";
      verdict.textContent = fill(texts.unreachable, { why: problem.message });
    }
    progress.hidden = true;
    button.disabled = false;
  }

  function conclude(outcomes, items) {
    const missed = items.some(
      (item) =>
        item.dataset.outcome === "skipped" &&
        item.querySelector("[data-found]").textContent !== texts.not_applicable,
    );
    const wrong = outcomes.includes("fails");
    verdict.dataset.outcome = wrong ? "fails" : missed ? "skipped" : "holds";
    verdict.textContent = wrong
      ? texts.something_wrong
      : missed
        ? texts.all_right_but
        : texts.all_right;
  }

  button.addEventListener("click", verify);
  tool.hidden = false;
}

async function fetched() {
  const links = [...document.querySelectorAll("[data-file]")];
  const addresses = new Map(links.map((link) => [link.dataset.file, link.href]));
  const contents = NAMES.map(async (name) => {
    const response = await fetch(addresses.get(name));
    if (!response.ok) throw new Error(`${name} (${response.status})`);
    return [name, new Uint8Array(await response.arrayBuffer())];
  });
  return new Map(await Promise.all(contents));
}
