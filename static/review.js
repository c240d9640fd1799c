"use strict";
/* j and k go down and up among the rows and o opens, only while the focus is in the table. */
const table = document.getElementById("hits");
table?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const links = [...table.querySelectorAll("tbody th a")];
  const row = event.target.closest("tr")?.querySelector("th a");
  const step = { j: 1, k: -1 }[event.key];
  if (event.key === "o") row?.click();
  else if (step) links[Math.min(Math.max(links.indexOf(row) + step, 0), links.length - 1)]?.focus();
  else return;
  event.preventDefault();
});
document.getElementById("keys")?.removeAttribute("hidden");
