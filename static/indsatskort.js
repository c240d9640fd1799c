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
