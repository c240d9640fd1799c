/* The text of the initiative's form in this browser, by user and address, until the server has it. A week
   later, or at a logout, static/indsatskort.js forgets it. */
export const form = document.getElementById("initiative");
export const named = (name) => form.querySelectorAll(`[name="${name}"]`);
const KEY = "indsatskort:" + form.dataset.user + ":";
const key = KEY + form.getAttribute("action");
const offered = key + "+"; // what is written now does not go over what was offered and not answered yet
const ofThePage = /^(csrfmiddlewaretoken|compared|choice_.*)$/;

export function keep() {
  const fields = [...new FormData(form)].filter(([name]) => !ofThePage.test(name));
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields }));
    return true;
  } catch {
    return false; // the browser may not, or is full
  }
}

export function forget() {
  try {
    localStorage.removeItem(key);
  } catch {}
}

function kept(of) {
  try {
    return JSON.parse(localStorage.getItem(of));
  } catch {
    return null;
  }
}

const answers = (fields) =>
  JSON.stringify(fields.filter(([name, value]) => value && name !== "revision" && !ofThePage.test(name)).sort());

/* This page's own text; on the page of a new initiative also that of another new one, of the same answer. */
export function offer(taken) {
  let from = kept(key) ? key : offered;
  if (!kept(from) && location.pathname.endsWith("/ny/")) {
    const folder = KEY + location.pathname.replace(/ny\/$/, "");
    const isNew = (text) => text?.fields.some(([name, value]) => name === "revision" && value === "0");
    from = Object.keys(localStorage).find((one) => one.startsWith(folder) && isNew(kept(one)));
  }
  const text = from && kept(from);
  if (!text || answers(text.fields) === answers([...new FormData(form)])) return;
  if (from === key) {
    localStorage.setItem(offered, localStorage.getItem(key));
    localStorage.removeItem(key);
    from = offered;
  }
  const box = document.getElementById("kept");
  const title = text.fields.find(([name]) => name === "title");
  box.querySelector("[data-kept-at]").textContent = new Date(text.at).toLocaleString(document.documentElement.lang, {
    dateStyle: "long",
    timeStyle: "short",
  });
  box.querySelector("[data-kept-title]").textContent = title ? title[1] : "";
  box.hidden = false;
  box.querySelector('[data-kept="drop"]').addEventListener("click", () => {
    localStorage.removeItem(from);
    box.remove();
  });
  box.querySelector('[data-kept="take"]').addEventListener("click", () => {
    localStorage.removeItem(from);
    fill(text.fields);
    box.remove();
    keep();
    taken();
    named("title")[0].focus();
  });
}

/* The revision too: it is the one that the text was written from, and the server judges what came since. */
export function fill(fields) {
  const values = new Map();
  for (const [name, value] of fields) values.set(name, [...(values.get(name) || []), value]);
  for (const input of form.querySelectorAll("input, select, textarea")) {
    if (!input.name || input.name === "csrfmiddlewaretoken") continue;
    const wanted = values.get(input.name) || [];
    if (input.type === "checkbox" || input.type === "radio") input.checked = wanted.includes(input.value);
    else input.value = wanted[0] || "";
  }
  for (const [name, [value]] of values) {
    if (named(name).length || !name.startsWith("reason_")) continue;
    const reason = document.createElement("input");
    Object.assign(reason, { type: "hidden", name, value });
    form.append(reason);
  }
}
