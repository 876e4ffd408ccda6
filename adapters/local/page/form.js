// A form in a dialog: drawn from what the server tells, every word of it set as text, and sent whole.
// `send` takes what was filled in and gives a sentence where that failed; else the dialog is closed, which gives the
// focus back to where it was, and `done` may take it on to what was shown.

import { el } from "/draw.js";

const LINES = { "time": "time", "file": "file" };

export function showForm(form, send, done) {
  const title = el("h2", { id: "form-title" }, form.title);
  const wrong = el("p", { class: "wrong", role: "alert" });
  const cancel = el("button", { type: "button", class: "press" }, el("span", {}, "Cancel"));
  const submit = el("button", { type: "submit", class: "press main" }, el("span", {}, form.submit));
  const filled = el("form", { autocomplete: "off" }, ...form.fields.map(field), wrong, el("div", { class: "buttons" }, cancel, submit));
  const dialog = el("dialog", { class: "form", "aria-labelledby": "form-title" }, title, filled);

  cancel.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  filled.addEventListener("input", () => { wrong.textContent = ""; atLeastOne(filled); });
  filled.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.hasAttribute("aria-busy")) return;
    submit.setAttribute("aria-busy", "true");
    const { says, shown } = await send(new FormData(filled));
    submit.removeAttribute("aria-busy");
    if (says) { wrong.textContent = says; return; }
    dialog.close();
    done(shown);
  });

  document.body.append(dialog);
  atLeastOne(filled);
  dialog.showModal();
  (filled.querySelector(":invalid:not(fieldset)") ?? filled.elements[0])?.focus();
}

function field(given) {
  const id = `field-${given.name}`;
  const hint = given.hint && given.kind !== "time" ? el("span", { class: "quiet", id: `${id}-hint` }, given.hint) : null;
  if (given.kind === "some of") return boxes(given, hint);
  const input = control(given, { id, name: given.name, required: !given.optional, "aria-describedby": hint?.id });
  return el("div", { class: "field" }, el("label", { for: id }, given.label), input, hint);
}

function control(given, attributes) {
  const most = given.most || undefined;
  if (given.kind === "one of") return el("select", attributes, ...given.options.map((option) =>
    el("option", { value: option.value, selected: given.values.includes(option.value) }, option.label)));
  if (given.kind === "long text") return el("textarea", { ...attributes, rows: 7, maxlength: most }, given.values.join("\n"));
  const value = given.kind === "file" ? undefined : given.values[0];
  return el("input", { ...attributes, type: LINES[given.kind] ?? "text", maxlength: most, value, spellcheck: "false" });
}

function boxes(given, hint) {
  const choices = given.options.map((option) => el("label", { class: "choice" },
    el("input", { type: "checkbox", name: given.name, value: option.value, checked: given.values.includes(option.value) }),
    el("span", {}, option.label)));
  const made = el("fieldset", { "data-optional": given.optional }, el("legend", {}, given.label), el("div", { class: "choices" }, ...choices));
  if (hint) made.append(hint);
  return made;
}

// A browser knows "required" of a single box alone: of several, the first one speaks for all.
function atLeastOne(filled) {
  for (const group of filled.querySelectorAll("fieldset:not([data-optional])")) {
    const first = group.querySelector("input");
    first?.setCustomValidity(group.querySelector(":checked") ? "" : "Choose at least one.");
  }
}
