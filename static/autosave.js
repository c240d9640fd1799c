/* The initiative's page while one writes. htmx sends the form half a second after the last key; here is what
   becomes of the answer, and of the text as long as there is none: it is kept in this browser and sent
   again. Without this file the page's buttons do the same work. */
import { fill, forget, form, keep, named, offer } from "./kept_text.js";
import { showStoredFacts } from "./stored.js";

const bar = document.getElementById("save-bar");
const status_ = document.getElementById("save-status");
const LONGEST_WAIT = 30; // seconds between two attempts
let typed = form.hasAttribute("data-unsaved") ? 1 : 0; // changes so far
let stored = 0; // of these, how many the server has
let wrong = 0; // fields with an error, which keep what is stored
let sent = null; // what was sent last, while no answer to it has come
let busy = false;
let stopped = document.getElementById("comparison").children.length > 0 ? "conflict" : "";
let failures = 0;
let renewed = false; // the token, since the last answer
let said = "";
let timer = 0;
let leaving = false;
let goesWhenSaved = false;
let whenIdle = [];

const unsaved = () => typed > stored || wrong > 0;
const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

/* What it says */

function say(kind, content) {
  if (status_.contains(document.activeElement) && kind === said) return; // a link in use stays
  status_.replaceChildren(...content);
  // Read aloud when something else is the case, not at each save.
  if (kind !== said) document.getElementById("save-announcement").textContent = status_.textContent;
  said = kind;
}

function stop(kind) {
  stopped = kind;
  say(kind, [bar.dataset[kind]]);
}

function failed() {
  if (leaving) return;
  failures += 1;
  say("unsent", [keep() ? bar.dataset.unsent : bar.dataset.unkept]);
  again(Math.min(2 ** failures, LONGEST_WAIT));
}

/* Sending */

function again(seconds) {
  clearTimeout(timer);
  timer = setTimeout(save, 1000 * seconds);
}

function save() {
  clearTimeout(timer);
  if (!busy && !stopped && typed > stored) htmx.trigger(form, "save-now");
}

/* Sends what is not sent yet and waits for the answer; `button` may be one of the comparison's. */
async function flush(button) {
  await new Promise((resolve) => setTimeout(resolve)); // a form is not submitted anew in its own submit event
  await idle();
  if (button) {
    stopped = "";
    typed += 1;
    sent = { upTo: typed, fields: new FormData(form, button) };
  }
  save();
  await idle();
}

function idle() {
  return busy ? new Promise((resolve) => whenIdle.push(resolve)) : Promise.resolve();
}

form.addEventListener("htmx:before:request", (event) => {
  if (stopped || leaving || typed <= stored) return event.preventDefault();
  busy = true;
  // Sent again word for word while it is not known whether it was stored: the server then knows it again.
  sent ??= { upTo: typed, fields: new FormData(form) };
  sent.fields.set("csrfmiddlewaretoken", named("csrfmiddlewaretoken")[0].value);
  event.detail.ctx.request.body = new URLSearchParams(sent.fields);
});

form.addEventListener("htmx:after:request", (event) => {
  if (leaving) return; // a logout has forgotten the text
  const { status } = event.detail.ctx.response;
  const answer = parsed(event.detail.ctx.text).querySelector("[data-outcome]");
  if (answer) received(answer);
  else if (status === 401) loginNeeded();
  else if (status === 403) renew();
  else if (status >= 500 || status === 429) failed();
  else stop("refused");
});

form.addEventListener("htmx:error", failed); // no network, no server, no answer in time
form.addEventListener("htmx:finally:request", () => {
  busy = false;
  whenIdle.splice(0).forEach((resolve) => resolve());
});

/* The answers */

function received(answer) {
  const outcome = answer.dataset.outcome;
  const errors = answer.querySelectorAll("[data-field]");
  failures = 0;
  renewed = false;
  if (outcome === "saved" || outcome === "blank") {
    stored = sent.upTo;
    wrong = errors.length;
    for (const input of document.querySelectorAll('input[name="revision"]')) {
      input.value = answer.dataset.revision || "0";
    }
    inPlace(() => {
      showStoredFacts(answer);
      showErrors(errors);
      showWarnings(answer.querySelectorAll("[data-warning]"));
    });
    if (!unsaved()) forget();
    if (typed > stored) again(0);
  } else {
    stopped = outcome;
    keep();
  }
  sent = null;
  if (outcome === "conflict") showComparison(answer.querySelector("[data-comparison]"));
  say(outcome + [...errors].map((error) => error.dataset.field), answer.querySelector("[data-status]").childNodes);
}

/* What appears above the field that one writes in does not push it away. */
function inPlace(change) {
  const field = document.activeElement;
  const before = field.getBoundingClientRect().top;
  change();
  scrollBy({ top: field.getBoundingClientRect().top - before, behavior: "instant" });
}

function showErrors(errors) {
  for (const old of form.querySelectorAll(".form-error")) showError(old, "");
  for (const { dataset } of errors) {
    showError(named(dataset.field)[0].closest(".form-group"), dataset.message);
  }
}

/* As templates/dkfds/field.html shows it; the field itself is not touched. */
function showError(group, message) {
  const inputs = group.querySelectorAll("input, select, textarea");
  const id = inputs[0].id.replace(/_0$/, "") + "_error";
  document.getElementById(id)?.remove();
  group.classList.toggle("form-error", message !== "");
  for (const described of [...inputs, ...group.querySelectorAll("fieldset")]) {
    const ids = (described.getAttribute("aria-describedby") || "").split(" ").filter((one) => one && one !== id);
    if (message && (described === inputs[0] || described.matches("fieldset"))) ids.push(id);
    if (ids.length) described.setAttribute("aria-describedby", ids.join(" "));
    else described.removeAttribute("aria-describedby");
    if (message && !described.matches("fieldset")) described.setAttribute("aria-invalid", "true");
    else described.removeAttribute("aria-invalid");
  }
  if (!message) return;
  const error = document.createElement("span");
  error.id = id;
  error.className = "form-error-message";
  error.textContent = message;
  (group.querySelector(".form-hint") || group.querySelector("legend, label")).after(error);
}

/* A warning that is there already keeps its element, and with it the reason that is being written. */
function showWarnings(warnings) {
  const fresh = new Set();
  for (const { dataset, firstElementChild: warning } of warnings) {
    fresh.add(warning.id);
    const here = document.getElementById(warning.id);
    const field = document.getElementById("warnings_" + dataset.warning);
    if (!here) field.append(warning);
    else {
      here.querySelector(".field-warning-text").replaceChildren(
        ...warning.querySelector(".field-warning-text").childNodes,
      );
      if (here.parentElement !== field && !here.contains(document.activeElement)) field.append(here);
    }
  }
  for (const old of form.querySelectorAll(".field-warning")) {
    if (!fresh.has(old.id) && !old.contains(document.activeElement)) old.remove();
  }
}

function showComparison(comparison) {
  document.getElementById("comparison").replaceChildren(...comparison.childNodes);
  document.getElementById("save-buttons").hidden = true;
}

function loginNeeded() {
  keep();
  sent = null;
  say("login", document.getElementById("login-needed").content.cloneNode(true).childNodes);
  again(LONGEST_WAIT);
}

/* A login has given the browser a new token, or the user may not save any more: the page itself tells. */
async function renew() {
  keep();
  sent = null;
  if (renewed) return stop("denied");
  try {
    const response = await fetch(form.action);
    if (response.status >= 500) return failed();
    const page = parsed(await response.text());
    const fresh = page.getElementById("initiative");
    if (page.querySelector('[name="login"]')) return loginNeeded();
    if (!fresh) return stop("denied");
    if (fresh.dataset.user !== form.dataset.user) return stop("stranger");
    renewed = true;
    for (const token of document.querySelectorAll('[name="csrfmiddlewaretoken"]')) {
      token.value = fresh.querySelector('[name="csrfmiddlewaretoken"]').value;
    }
    again(0);
  } catch {
    failed();
  }
}

/* After a choice between two versions: what is stored now, but not over a text that could not be. */
async function showStored() {
  const wrongOnes = [...form.querySelectorAll(".form-error [name]")].map(({ name }) => name);
  const response = await fetch(form.action).catch(() => null);
  const page = response?.ok && parsed(await response.text());
  if (!page?.getElementById("initiative")) return location.assign(form.action);
  fill([
    ...[...new FormData(page.getElementById("initiative"))].filter(([name]) => !wrongOnes.includes(name)),
    ...[...new FormData(form)].filter(([name]) => wrongOnes.includes(name)),
  ]);
  document.getElementById("comparison").replaceChildren();
  document.getElementById("save-buttons").hidden = false;
}

/* Writing, and leaving */

form.addEventListener("input", () => {
  typed += 1;
  keep();
  if (!stopped && !failures && said !== "login") say("saving", [bar.dataset.saving]);
});

form.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (leaving) return;
  event.preventDefault();
  if (button?.name === "keep") {
    await flush(button);
    return said.startsWith("saved") && showStored();
  }
  said = ""; // who presses hears the outcome
  await flush();
  if (stopped === "conflict") return document.getElementById("comparison-heading").focus();
  if (failures || said === "login") return; // the text is not to leave the screen
  leaving = true;
  form.requestSubmit(button);
});

function leave() {
  leaving = true;
  forget();
}

/* Other forms of the page, logging out among them, and links: first what is unsaved is saved; what cannot be
   saved is asked about, once. `isLogout`: the text in this browser goes too (static/indsatskort.js). */
async function saveBefore(event, act, isLogout = false) {
  if (leaving || !unsaved()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (goesWhenSaved) return; // pressed twice
  goesWhenSaved = true;
  await Promise.race([flush(), new Promise((resolve) => setTimeout(resolve, 3000))]);
  goesWhenSaved = false;
  leaving = !unsaved() || confirm(keep() && !isLogout ? bar.dataset.askKept : bar.dataset.askLost);
  if (leaving) act();
}

document.addEventListener(
  "submit",
  (event) => {
    if (event.target === form) return;
    if (event.target.id === "delete") return leave();
    const isLogout = event.target.matches('[action$="/logout/"]');
    saveBefore(event, () => event.target.requestSubmit(event.submitter), isLogout);
  },
  true,
);

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || link.target || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (link.hasAttribute("data-forget")) return leave();
  if (link.pathname !== location.pathname || !link.hash) saveBefore(event, () => location.assign(link.href));
});

addEventListener("beforeunload", (event) => {
  if (unsaved() && !leaving) event.preventDefault();
});
addEventListener("pageshow", () => (leaving = false));
for (const sign of ["online", "focus"]) addEventListener(sign, save); // it may work again

if (typed && !stopped) again(0);
offer(() => {
  typed += 1;
  save();
});
