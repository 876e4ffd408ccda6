// A message, as the server's renderer gives it, as elements. Texts arrive as safe HTML; everything else is set as text.

const LOCK = "M6.5 9V6.8a3.5 3.5 0 0 1 7 0V9M5 9h10v7H5z";
const TALLEST = 560;

export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "html") made.innerHTML = value;
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined && value !== null) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

export function icon(path) {
  const space = "http://www.w3.org/2000/svg";
  const made = document.createElementNS(space, "svg");
  made.setAttribute("viewBox", "0 0 20 20");
  made.setAttribute("aria-hidden", "true");
  made.append(document.createElementNS(space, "path"));
  made.firstChild.setAttribute("d", path);
  return made;
}

export function avatar(member) {
  const initials = member.name.split(/\s+/).map((word) => [...word][0] ?? "").slice(0, 2).join("").toUpperCase();
  const tone = [...member.id].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 8, 7);
  return el("span", { class: `avatar tone${tone}`, "aria-hidden": "true" }, initials);
}

export function separator(message, clock) {
  const ago = clock.day - message.day;
  const said = ago === 0 ? "Today" : ago === 1 ? "Yesterday" : message.date.replace(/ \d{4}$/, "");
  return el("div", { class: "day", role: "separator", "aria-label": said, "data-day": message.day }, el("span", {}, said));
}

export function article(message) {
  const made = el("article", { class: message.reader ? "message private" : "message", "data-id": message.id, tabindex: "-1" });
  const body = el("div", { class: "body" }, head(message), ...message.parts.map((part, at) => draw(part, message, at)));
  if (message.chips.length) body.append(chips(message));
  made.append(el("img", { class: "bot", src: "/icon.svg", alt: "", width: 40, height: 40 }), body);
  made.setAttribute("aria-label", message.reader ? `Flashmob, only ${message.reader} sees this` : `Flashmob, ${message.time}`);
  return made;
}

function head(message) {
  const time = el("time", { datetime: message.at, title: `${message.date}, ${message.time}` }, message.time);
  const made = el("div", { class: "head" }, el("strong", {}, "Flashmob"), el("span", { class: "tag" }, "APP"), time);
  if (message.reader) made.append(el("span", { class: "only" }, icon(LOCK), `Only ${message.reader} sees this`));
  return made;
}

function draw(part, message, at) {
  switch (part.kind) {
    case "title": return el("h2", { class: "title", html: part.html });
    case "text": return el("div", { class: part.quiet ? "text quiet" : "text", html: part.html });
    case "notice": return el("div", { class: "notice" }, el("span", { html: part.html }), ...part.buttons.map(button));
    case "side": return side(part, `side-${message.id}-${at}`);
    case "numbered": return el("ol", { class: "numbered" },
      ...part.items.map((item) => el("li", { value: item.number, html: `<div>${item.html}</div>` })));
    case "instant": return instant(part);
    case "file": return file(part);
    case "buttons": return row(part);
    default: return null;
  }
}

function side(part, id) {
  const label = el("h3", { id }, part.side);
  const text = el("div", { class: "text", html: part.html });
  const made = el("section", { class: `side ${part.side.toLowerCase()}`, "aria-labelledby": id, tabindex: "-1" }, label, text);
  if (part.cut) made.append(el("p", { class: "quiet" }, "This is longer than a message can be."), ...part.buttons.map(button));
  return made;
}

function instant(part) {
  const [label, words, after] = part.said;
  return el("p", { class: "text" }, `${label} `, el("time", { datetime: part.at }, words), after);
}

function file(part) {
  const made = el("button", { type: "button", class: "press" }, el("span", {}, `Save ${part.name}`));
  made.addEventListener("click", () => {
    const link = el("a", { download: part.name });
    link.href = URL.createObjectURL(new Blob([part.text], { type: "text/plain" }));
    link.click();
    URL.revokeObjectURL(link.href);
  });
  return el("div", { class: "row" }, el("div", { class: "buttons" }, made));
}

function row(part) {
  const made = el("div", { class: part.label ? "row labelled" : "row", role: "group" });
  if (part.label) {
    made.setAttribute("aria-label", part.label.replace(/:$/, ""));
    made.append(el("span", { class: "label", "aria-hidden": "true" }, part.label));
  }
  made.append(el("div", { class: "buttons" }, ...part.buttons.map(button)));
  return made;
}

function button(given) {
  const made = el("button", {
    type: "button", class: given.main ? "press main" : "press", "data-button": given.id,
    "data-shortcut": given.shortcut || undefined, "aria-keyshortcuts": given.shortcut || undefined,
  });
  const digit = given.label.match(/^(\d) (.*)$/);
  if (digit) made.append(el("b", {}, digit[1]), " ", el("span", {}, digit[2]));
  else made.append(el("span", {}, given.label));
  return made;
}

function chips(message) {
  return el("div", { class: "chips", role: "group", "aria-label": "Rate by reaction" }, ...message.chips.map((chip) =>
    el("button", {
      type: "button", class: "chip", "data-rating": chip.rating, "aria-pressed": String(chip.mine), title: chip.name,
      "aria-label": `${chip.rating} ${chip.name}, ${chip.count} ${chip.count === 1 ? "person" : "people"}`,
    }, el("b", {}, String(chip.rating)), el("span", {}, String(chip.count)))));
}

// What is taller than a screen is folded, with a button that unfolds it.
export function fold(made) {
  for (const text of made.querySelectorAll(".side > .text")) {
    if (text.scrollHeight <= TALLEST) continue;
    const more = el("button", { type: "button", class: "unfold" }, "Show all of it");
    text.classList.add("folded");
    more.addEventListener("click", () => { text.classList.remove("folded"); more.remove(); text.parentElement.focus({ preventScroll: true }); });
    text.after(more);
  }
}
