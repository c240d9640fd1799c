/* What the initiative's page says of what is stored, besides its fields: its title, what it lacks, and that
   it can be deleted. The page of a new one shows this once its first save is answered. */
export function showStoredFacts(answer) {
  const { title } = answer.dataset;
  if (title === undefined) return; // nothing is stored
  document.querySelector("h1").textContent = title;
  document.title = `${title} - Indsatskort`;
  document.getElementById("delete-part").hidden = false;
  const missing = document.getElementById("missing");
  if (missing.contains(document.activeElement)) return; // a link in use stays
  const isOpen = missing.querySelector("details")?.open;
  missing.replaceChildren(...answer.querySelector("[data-missing]").childNodes);
  if (isOpen) missing.querySelector("details")?.setAttribute("open", "");
}
