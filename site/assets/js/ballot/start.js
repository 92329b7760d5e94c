// Choose, review, deposit, receipt on one page: what is chosen never leaves the browser in clear.
import { canSeal } from "../sealing.js";
import { choosing } from "./choosing.js";
import { depositing } from "./depositing.js";
import { filtering } from "./filtering.js";
import { reviewing } from "./reviewing.js";
import { stepping } from "./stepping.js";
import { sentences } from "./texts.js";

const form = document.querySelector("[data-ballot]");
const done = document.querySelector("[data-ballot-done]");

if (done) sessionStorage.removeItem(`ballot-${done.dataset.ballotDone}`);
for (const finish of document.querySelectorAll("[data-finish]")) {
  // Whoever comes next on this device finds nothing of an unfinished choice.
  finish.addEventListener("click", () => sessionStorage.clear());
}
if (form) start();

function start() {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const terms = read("ballot-terms");
  const say = sentences(read("ballot-texts"));
  const choice = choosing(form, terms, say);
  filtering(form, say);
  if (!terms.publicKey) return;

  const steps = stepping();
  const review = reviewing(steps.find("review"), terms, say);
  const deposit = depositing(steps, terms, say, {
    token: form.querySelector("[name=csrfmiddlewaretoken]").value,
    forget: choice.forget,
  });
  const sealing = canSeal();

  form.addEventListener("submit", async (event) => {
    if (event.submitter?.value !== "review" || form.dataset.byServer) return;
    event.preventDefault();
    // A form ignores a submission asked for while it is still announcing the former one.
    if (!(await sealing)) return setTimeout(byServer);
    const problems = choice.problems();
    if (!choice.refuse(problems)) return;
    review.show(choice.marks());
    deposit.prepare(choice.marks());
    steps.go("review");
  });
  steps.find("review").querySelector("[data-edit]").addEventListener("click", () => history.back());
  steps.find("review").querySelector("[data-by-server]").addEventListener("click", byServer);

  // The site's server seals instead: the ordinary form goes to the ordinary review.
  function byServer() {
    form.dataset.byServer = "yes";
    form.requestSubmit(form.querySelector("button[value=review]"));
  }
}
