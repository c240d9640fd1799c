"use strict";
/* The design system's behaviours, where a page has the markup. Not DKFDS.init(): its navigation would fold
   our few menu items away under a button. Every page works without this file. */
const behaviours = {
  ".accordion": DKFDS.Accordion,
  ".alert.has-close": DKFDS.Alert,
  ".form-limit": DKFDS.CharacterLimit,
  '[data-module="error-summary"]': DKFDS.ErrorSummary, // takes the focus
  ".tab-container": DKFDS.Tabs,
  ".tooltip-wrapper": DKFDS.Tooltip,
};
for (const [selector, Behaviour] of Object.entries(behaviours)) {
  for (const element of document.querySelectorAll(selector)) {
    new Behaviour(element).init();
  }
}

/* Text that was never saved (static/autosave.js) is gone from the browser after a week, and at a logout. */
const KEPT_FOR = 7 * 24 * 60 * 60 * 1000;
function forgetTexts(isToGo) {
  try {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith("indsatskort:"))) {
      if (isToGo(JSON.parse(localStorage.getItem(key)))) localStorage.removeItem(key);
    }
  } catch {
    /* Where the browser may not keep anything there is nothing to forget. */
  }
}
forgetTexts(({ at }) => at < Date.now() - KEPT_FOR);
document.querySelector('form[action$="/logout/"]')?.addEventListener("submit", () => forgetTexts(() => true));
