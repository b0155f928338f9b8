// Narrows the board of promises to a theme and a verdict, which the address keeps. Without scripts all of it is there.
(() => {
  "use strict";

  const board = document.querySelector("[data-board]");
  if (!board) return;
  const chosen = [...board.querySelectorAll("select")];
  const pledges = [...document.querySelectorAll(".pledges > li")];
  const groups = [...document.querySelectorAll("[data-pledges]"), ...document.querySelectorAll("[data-year]")];

  const narrow = () => {
    for (const pledge of pledges) {
      pledge.hidden = chosen.some((select) => select.value && pledge.dataset[select.dataset.by] !== select.value);
    }
    for (const group of groups) group.hidden = !group.querySelector(".pledges > li:not([hidden])");
    const shown = pledges.filter((pledge) => !pledge.hidden).length;
    const words = board.dataset.shown.replace("{shown}", shown).replace("{all}", pledges.length);
    board.querySelector("output").textContent = words;
  };

  const keep = () => {
    const address = new URL(window.location.href);
    for (const select of chosen) {
      if (select.value) address.searchParams.set(select.dataset.by, select.value);
      else address.searchParams.delete(select.dataset.by);
    }
    window.history.replaceState(null, "", address);
  };

  const asked = new URL(window.location.href).searchParams;
  for (const select of chosen) {
    const value = asked.get(select.dataset.by) ?? "";
    if ([...select.options].some((option) => option.value === value)) select.value = value;
    select.addEventListener("change", () => {
      keep();
      narrow();
    });
  }
  board.hidden = false;
  narrow();
})();
