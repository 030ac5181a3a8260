"use strict";
// The matrix: filters, search, and moving between squares by the keyboard.
(() => {
  const grid = document.getElementById("grid");
  if (!grid) return;
  const form = document.getElementById("filters");
  const field = (id) => document.getElementById(id);
  const chips = [...form.querySelectorAll(".chip")];
  const groups = [...grid.tBodies];

  const chosen = () => ({
    words: field("search").value.toLowerCase().split(/\s+/).filter(Boolean),
    chapter: field("by-chapter").value,
    property: field("by-property").value,
    dtype: field("by-dtype").value,
    verdicts: chips.filter((c) => c.getAttribute("aria-pressed") === "true").map((c) => c.dataset.verdict),
  });

  // Show in a square what is left of its cells; say whether it is among what is looked for.
  function refresh(td, item, by) {
    const square = td.firstElementChild;
    if (!square) return false;
    const all = DATA.cells[item][td.dataset.property];
    const cells = all.filter((cell) => !by.dtype || cell.dtype === by.dtype);
    const verdicts = cells.map((cell) => cell.verdict);
    const matching = by.verdicts.length ? verdicts.filter((v) => by.verdicts.includes(v)) : verdicts;
    const verdict = worst(by.verdicts.length && matching.length ? matching : verdicts);
    square.className = "square v-" + verdict;
    square.querySelector("b").textContent = DATA.symbols[verdict];
    square.hidden = cells.length === 0;
    square.classList.toggle("dim", matching.length === 0);
    square.querySelectorAll("i").forEach((segment, place) => {
      segment.hidden = Boolean(by.dtype) && all[place].dtype !== by.dtype;
    });
    return cells.length > 0 && matching.length > 0;
  }

  function visible(row, chapter, by) {
    const item = row.dataset.item;
    const text = (item + " " + chapter).toLowerCase();
    let any = false;
    for (const td of row.querySelectorAll("td")) {
      td.hidden = Boolean(by.property) && td.dataset.property !== by.property;
      const found = refresh(td, item, by);
      any = any || (found && !td.hidden);
    }
    const narrowed = by.verdicts.length || by.property || by.dtype;
    return by.words.every((word) => text.includes(word)) && (any || !narrowed);
  }

  function apply() {
    const by = chosen();
    let shown = 0;
    let total = 0;
    for (const group of groups) {
      const chapter = group.dataset.chapter;
      let here = 0;
      for (const row of group.querySelectorAll("tr[data-item]")) {
        const show = visible(row, chapter, by) && (!by.chapter || by.chapter === chapter);
        row.hidden = !show;
        here += show;
        total += 1;
      }
      group.hidden = here === 0;
      shown += here;
    }
    for (const th of grid.tHead.querySelectorAll("[data-property]")) {
      th.hidden = Boolean(by.property) && th.dataset.property !== by.property;
    }
    field("shown").textContent = shown === total ? plural(total, "item") : shown + " of " + plural(total, "item");
    field("none").hidden = shown > 0;
    grid.hidden = shown === 0;
    rove(reachable()[0]);
  }

  const reachable = () =>
    [...grid.querySelectorAll("tr[data-item]:not([hidden]) td:not([hidden]) > .square:not([hidden])")].filter(
      (square) => !square.closest("tbody").hidden,
    );

  // One square of the matrix is in the tab order; the arrow keys choose which.
  function rove(square) {
    for (const other of grid.querySelectorAll('.square[tabindex="0"]')) other.tabIndex = -1;
    if (square) square.tabIndex = 0;
  }

  function neighbour(square, key) {
    const rows = [...grid.querySelectorAll("tr[data-item]:not([hidden])")].filter((row) => !row.closest("tbody").hidden);
    const row = square.closest("tr");
    const inRow = (r) => [...r.querySelectorAll("td:not([hidden]) > .square:not([hidden])")];
    const mine = inRow(row);
    const place = mine.indexOf(square);
    if (key === "ArrowLeft") return mine[place - 1];
    if (key === "ArrowRight") return mine[place + 1];
    if (key === "Home") return mine[0];
    if (key === "End") return mine.at(-1);
    const step = { ArrowUp: -1, ArrowDown: 1 }[key];
    const column = square.parentElement.cellIndex;
    for (let next = rows.indexOf(row) + step; next >= 0 && next < rows.length; next += step) {
      const found = inRow(rows[next]).find((other) => other.parentElement.cellIndex === column);
      if (found) return found;
    }
    return undefined;
  }

  grid.addEventListener("keydown", (event) => {
    const square = event.target.closest(".square");
    if (!square || !["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const next = neighbour(square, event.key);
    if (next) {
      rove(next);
      next.focus();
    }
  });
  grid.addEventListener("focusin", (event) => {
    const square = event.target.closest(".square");
    if (square) rove(square);
  });

  form.addEventListener("input", apply);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => {
    for (const chip of chips) chip.setAttribute("aria-pressed", "false");
    setTimeout(apply);
  });
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      chip.setAttribute("aria-pressed", String(chip.getAttribute("aria-pressed") !== "true"));
      apply();
    });
  }
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !event.target.closest("input, select, textarea, dialog")) {
      event.preventDefault();
      field("search").focus();
    }
  });
  apply();
})();
