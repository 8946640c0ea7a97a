"use strict";
// Sorting: a table's titles are buttons; numbers by size, signs and words by their order.
const SIGNS = "✗?○·✓";
const worth = (cell) => {
  const text = cell.dataset.value ?? cell.textContent.trim();
  if (text === "" || text === "–") return -Infinity;
  if (text.length === 1 && SIGNS.includes(text)) return SIGNS.indexOf(text);
  const number = Number(text);
  return Number.isNaN(number) ? text.toLowerCase() : number;
};
const order = (first, second) => {
  if (typeof first === typeof second && typeof first === "string") return first.localeCompare(second);
  if (first === second) return 0;
  if (typeof first !== typeof second) return typeof first === "string" ? 1 : -1;
  return first < second ? -1 : 1;
};
const sort = (table, title) => {
  const titles = [...table.tHead.rows[0].cells];
  const column = titles.indexOf(title);
  const falls = title.getAttribute("aria-sort") === "ascending";
  for (const other of titles) other.removeAttribute("aria-sort");
  title.setAttribute("aria-sort", falls ? "descending" : "ascending");
  const rows = [...table.tBodies[0].rows].map((row) => [worth(row.cells[column]), row]);
  rows.sort(([first], [second]) => (falls ? -1 : 1) * order(first, second));
  table.tBodies[0].append(...rows.map(([, row]) => row));
};
for (const table of document.querySelectorAll("table[data-sorts]")) {
  table.tHead.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) sort(table, button.closest("th"));
  });
}

// Finding a learner.
const find = document.getElementById("find");
const rows = [...document.querySelectorAll("#everybody tbody tr")];
find.addEventListener("input", () => {
  const wanted = find.value.trim().toLowerCase();
  let count = 0;
  for (const row of rows) {
    row.hidden = !row.cells[0].textContent.toLowerCase().includes(wanted);
    count += row.hidden ? 0 : 1;
  }
  document.getElementById("found").textContent = wanted ? `${count} of ${rows.length}` : "";
});

// On paper everything is open; afterwards it is as it was.
let closed = [];
addEventListener("beforeprint", () => {
  closed = [...document.querySelectorAll("details:not([open])")];
  for (const one of closed) one.open = true;
});
addEventListener("afterprint", () => {
  for (const one of closed) one.open = false;
});
