// The ballot tells what is left as one chooses, and keeps the choice in this tab while one reads
// the page of a project. The server checks everything again.
const form = document.querySelector("[data-ballot]");
const done = document.querySelector("[data-ballot-done]");
const keyOf = (name) => `ballot-${name}`;

if (done) sessionStorage.removeItem(keyOf(done.dataset.ballotDone));
if (form) start();

function start() {
  const texts = JSON.parse(document.getElementById("ballot-texts").textContent);
  const say = (name, values) =>
    texts[name].replace(/\{(\w+)\}/g, (whole, part) => values[part] ?? whole);
  const max = Number(form.dataset.max) || Infinity;
  const total = Number(form.dataset.money);
  const isKnapsack = form.dataset.kind === "knapsack";
  const boxes = [...form.querySelectorAll(".choice-card input[type=checkbox]")];
  const count = form.querySelector("[data-count]");
  const meter = form.querySelector("[data-meter]");
  const key = keyOf(form.dataset.ballot);
  const money = (cents) =>
    new Intl.NumberFormat(document.documentElement.lang, {
      style: "currency",
      currency: "EUR",
      minimumFractionDigits: cents % 100 ? 2 : 0,
    }).format(cents / 100);
  document.documentElement.classList.add("b-scripted");
  bringBack();

  function bringBack() {
    const kept = new Set(JSON.parse(sessionStorage.getItem(key) || "[]"));
    if (!kept.size || boxes.some((box) => box.checked)) return;
    for (const box of boxes) box.checked = kept.has(box.value);
  }

  function chosen() {
    return boxes.filter((box) => box.checked);
  }

  function update() {
    const picked = chosen();
    const spent = picked.reduce((sum, box) => sum + Number(box.dataset.cost), 0);
    const left = total - spent;
    const words = [
      max === Infinity
        ? say(picked.length > 1 ? "chosen_many" : "chosen_one", { count: picked.length })
        : say("chosen_of", { count: picked.length, max }),
    ];
    if (isKnapsack)
      words.push(say(left < 0 ? "too_much" : "left", { money: money(Math.abs(left)) }));
    const sentence = words.join(" · ");
    if (count.textContent !== sentence) count.textContent = sentence;
    if (meter) meter.value = Math.min(spent, total);
    for (const box of boxes) {
      const card = box.closest(".choice-card");
      const refusal = card.querySelector("[data-refusal]");
      const cost = Number(box.dataset.cost);
      let reason = "";
      if (!box.checked && picked.length >= max) reason = say("too_many", { max });
      else if (!box.checked && isKnapsack && cost > left)
        reason = say("too_costly", { money: money(cost - left) });
      card.classList.toggle("is-unavailable", reason !== "");
      box.setAttribute("aria-disabled", reason ? "true" : "false");
      if (!reason) show(refusal, "");
      box.dataset.reason = reason;
    }
    sessionStorage.setItem(key, JSON.stringify(picked.map((box) => box.value)));
  }

  function show(refusal, reason) {
    refusal.textContent = reason;
    refusal.hidden = reason === "";
  }

  form.addEventListener("change", (event) => {
    const box = event.target;
    if (!boxes.includes(box)) return;
    const refusal = box.closest(".choice-card").querySelector("[data-refusal]");
    if (box.checked && box.dataset.reason) {
      // What does not fit stays unticked, and the reason is said beside it.
      box.checked = false;
      const reason = box.dataset.reason;
      update();
      show(refusal, reason);
      count.textContent = reason;
      return;
    }
    update();
  });

  const filters = [...form.querySelectorAll("[data-filter]")];
  const plain = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const cards = [...form.querySelectorAll(".choice-card")].map((card) => ({
    card,
    text: plain(card.querySelector(".b-choice").textContent),
  }));
  const shown = form.querySelector("[data-shown]");
  // A page that the server filtered holds only part of the ballot: it keeps its own buttons.
  const isWhole = !form.querySelector("input[type=hidden][name=choix]") && !filters.some((f) => f.value);
  if (isWhole) {
    let timer = 0;
    const apply = () => {
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
    };
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
  } else {
    document.documentElement.classList.remove("b-scripted");
  }
  update();
}
