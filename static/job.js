"use strict";
/* Fetches the job's own page every other second until it is done. Without JavaScript its link does the same. */
async function poll() {
  const job = document.getElementById("job");
  if (!job.hasAttribute("data-poll")) return;
  try {
    const page = await fetch(location.href, { credentials: "same-origin" });
    if (page.ok) {
      const fresh = new DOMParser().parseFromString(await page.text(), "text/html").getElementById("job");
      if (fresh && fresh.innerHTML !== job.innerHTML) job.replaceWith(fresh);
    }
  } catch {
    /* The network comes and goes; the next round tries again. */
  }
  setTimeout(poll, 2000);
}
setTimeout(poll, 2000);
