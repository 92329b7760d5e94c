// Points: buttons around each number; what goes beyond a limit is brought back to it and said.
export function pointing({ form, entries, terms, say, valueOf, update, explain }) {
  const given = () => entries.reduce((sum, entry) => sum + valueOf(entry), 0);

  for (const entry of entries) {
    const field = entry.control.closest("[data-stepper]");
    if (!field) continue;
    field.prepend(button("−", "less", entry, -1));
    field.append(button("+", "more", entry, 1));
  }

  function button(sign, name, entry, step) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "b-step";
    made.textContent = sign;
    made.setAttribute("aria-label", say(name, { title: entry.title }));
    made.addEventListener("click", () => give(entry, valueOf(entry) + step));
    return made;
  }

  function give(entry, asked) {
    const before = given() - valueOf(entry);
    const left = Math.max(0, terms.points - before);
    const value = Math.max(0, Math.min(asked, terms.pointsEach, left));
    entry.control.value = value;
    update();
    if (asked > left && left < terms.pointsEach) {
      explain(entry, left ? say("points_left_only", { left }) : say("no_points_left"));
    } else if (asked > terms.pointsEach) {
      explain(entry, say("points_each", { max: terms.pointsEach }));
    } else explain(entry, "");
  }

  form.addEventListener("keydown", (event) => {
    // Enter in a number is no wish to send the ballot.
    if (event.key !== "Enter" || event.target.type !== "number") return;
    event.preventDefault();
    event.target.blur();
    event.target.focus();
  });
  return {
    gives: "points",
    changed: (entry) => give(entry, valueOf(entry)),
    reason: () => "",
  };
}
