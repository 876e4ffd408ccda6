// The page: one tab is one member. It draws what the server tells and sends what its member presses, each with a key of
// its own, and sends it again with the same key after a lost connection.

import { article, avatar, el, fold, separator } from "/draw.js";
import { showForm } from "/form.js";

const $ = (id) => document.getElementById(id);
const log = $("log");
const words = $("words");
const MOST_BYTES = 20 * 1024 * 1024;
const LONGEST_NIGHT_MS = 2000;
const SHORTEST_NIGHT_MS = matchMedia("(prefers-reduced-motion: reduce)").matches ? 300 : 900;

let you = new URLSearchParams(location.search).get("as") ?? "";
let room = null; // the last hello
let messages = new Map();
let view = "channel"; // or "direct"
let unseen = 0; // direct messages that came while the channel was shown
let current = ""; // the message whose buttons the keyboard presses
let expected = ""; // a message that a form was answered with, and that has not arrived yet
let hint = "";
const waiting = new Map(); // what was sent and not answered yet: key -> { frame, message, button }

// ---- the connection

let socket = null;
let failures = 0;
let retry = 0;

function connect() {
  clearTimeout(retry);
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const mine = new WebSocket(`${scheme}//${location.host}/live?as=${encodeURIComponent(you)}`);
  socket = mine;
  mine.addEventListener("message", (event) => { if (socket === mine) hear(JSON.parse(event.data)); });
  mine.addEventListener("close", () => { if (socket === mine) reconnect(); });
}

function reconnect() {
  socket = null;
  failures += 1;
  report("Reconnecting…");
  const wait = Math.min(8000, 300 * 2 ** Math.min(failures - 1, 5)) * (0.75 + Math.random() / 2);
  retry = setTimeout(connect, wait);
}

for (const [target, name] of [[window, "online"], [document, "visibilitychange"]]) {
  target.addEventListener(name, () => { if (!socket && !document.hidden) connect(); });
}

function send(frame, what = {}) {
  forgetHint();
  const key = newKey();
  waiting.set(key, { frame: { ...frame, key }, ...what });
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ ...frame, key }));
  showWaiting();
}

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// ---- what the server tells

function hear(frame) {
  switch (frame.type) {
    case "hello": return hello(frame);
    case "message": return arrive(frame.message);
    case "edit":
    case "reactions": return redraw(frame.message);
    case "earlier": return earlier(frame);
    case "members": room.members = frame.members; return drawMembers();
    case "clock": return tick(frame);
    case "control": return control(frame);
    case "done": return done(frame);
    case "says": return toast(frame.text);
  }
}

function hello(frame) {
  const again = room !== null && room.you === frame.you;
  room = frame;
  you = frame.you;
  failures = 0;
  hint = frame.hint;
  messages = new Map(frame.messages.map((message) => [message.id, message]));
  if (!again) view = "channel";
  if (again) report("");
  drawAround();
  drawLog(again);
  for (const { frame: asked } of waiting.values()) socket.send(JSON.stringify(asked));
  if (!again) begin();
}

// The newest main button is the one that the keyboard presses; it has the focus too, unless the reader is elsewhere.
function begin() {
  const shown = [...log.querySelectorAll(".press.main")].at(-1);
  current = shown?.closest("article").dataset.id ?? "";
  const free = document.activeElement === document.body && !matchMedia("(pointer: coarse)").matches;
  if (shown && free) shown.focus({ preventScroll: true });
}

let silence = 0;
function report(text, forMs = 0) {
  clearTimeout(silence);
  $("status").replaceChildren(...(text ? [el("span", {}, text)] : []));
  if (forMs) silence = setTimeout(() => report(""), forMs);
}

function tick(frame) {
  const newDay = room.clock.day !== frame.clock.day;
  Object.assign(room, { clock: frame.clock, banner: frame.banner });
  if (hint !== frame.hint && frame.hint) { hint = frame.hint; drawHint(); }
  drawClock();
  if (newDay) for (const line of log.querySelectorAll(".day")) {
    const first = [...messages.values()].find((message) => message.day === Number(line.dataset.day));
    if (first) line.replaceWith(separator(first, room.clock));
  }
}

// ---- the messages

const inView = (message) => !room.direct || message.direct === (view === "direct");
const drawn = (id) => log.querySelector(`article[data-id="${CSS.escape(id)}"]`);
const atBottom = () => log.scrollHeight - log.scrollTop - log.clientHeight < 60;
const toBottom = () => { log.scrollTop = log.scrollHeight; log.dataset.bottom = "true"; $("newer").hidden = true; };

function drawLog(keepPlace = false) {
  const place = keepPlace && !atBottom() ? log.scrollTop : null;
  const held = keepPlace ? holding() : null;
  log.setAttribute("aria-busy", "true");
  log.replaceChildren();
  if (room.more) log.append(el("button", { type: "button", class: "press", id: "earlier" }, "Show earlier messages"));
  let day = 0;
  for (const message of messages.values()) {
    if (!inView(message)) continue;
    if (message.day !== day) log.append(separator(message, room.clock));
    day = message.day;
    log.append(article(message));
  }
  if (!log.querySelector("article")) log.append(el("p", { class: "nothing" }, "Nothing has been said here yet."));
  for (const made of log.querySelectorAll("article")) fold(made);
  drawHint();
  showWaiting();
  if (place === null) toBottom(); else log.scrollTop = place;
  if (held) hold(held);
  requestAnimationFrame(() => log.setAttribute("aria-busy", "false"));
}

function arrive(message) {
  messages.set(message.id, message);
  if (message.direct && view !== "direct") { unseen += 1; drawChannels(); }
  if (!inView(message)) return;
  const stay = atBottom();
  log.querySelector(".nothing")?.remove();
  const last = [...log.querySelectorAll(".day")].at(-1);
  if (Number(last?.dataset.day) !== message.day) log.append(separator(message, room.clock));
  const made = article(message);
  made.classList.add("fresh");
  log.append(made);
  fold(made);
  if (made.querySelector(".press.main")) { current = message.id; drawHint(); }
  if (stay) toBottom(); else $("newer").hidden = false;
  if (message.id === expected) look([message.id]);
}

function redraw(message) {
  messages.set(message.id, message);
  const old = drawn(message.id);
  if (!old) return;
  const stay = atBottom();
  const held = old.contains(document.activeElement) ? holding() : null;
  const made = article(message);
  old.replaceWith(made);
  fold(made);
  drawHint();
  showWaiting();
  if (held) hold(held);
  if (stay) toBottom();
  if (message.id === expected) look([message.id]);
}

function earlier(frame) {
  const before = log.scrollHeight;
  messages = new Map([...frame.messages.map((message) => [message.id, message]), ...messages]);
  room.more = frame.more;
  drawLog(true);
  log.scrollTop = log.scrollHeight - before;
}

// Where the keyboard stands, told by ids, so that it stands there again after a message was drawn anew.
function holding() {
  const focused = document.activeElement;
  const held = focused?.closest?.("#log article");
  return held && { id: held.dataset.id, button: focused.dataset.button, rating: focused.dataset.rating };
}

function hold({ id, button, rating }) {
  const made = drawn(id);
  const same = button ? made?.querySelector(`[data-button="${CSS.escape(button)}"]`)
    : rating ? made?.querySelector(`[data-rating="${rating}"]`) : null;
  (same ?? made)?.focus({ preventScroll: true });
}

function drawHint() {
  log.querySelector(".hint")?.remove();
  if (!hint) return;
  const main = [...log.querySelectorAll(".press.main")].at(-1);
  main?.closest(".row")?.after(el("p", { class: "hint" }, hint));
}

/** Whoever does anything has found the way. */
function forgetHint() {
  hint = "";
  log.querySelector(".hint")?.remove();
}

// ---- pressing

log.addEventListener("click", (event) => {
  const pressed = event.target.closest("button");
  if (!pressed) return;
  if (pressed.id === "earlier") socket?.send(JSON.stringify({ type: "earlier", before: messages.keys().next().value }));
  else if (pressed.dataset.button) press(pressed);
  else if (pressed.dataset.rating) tap(pressed);
});

function press(pressed) {
  const message = pressed.closest("article").dataset.id;
  if ([...waiting.values()].some((asked) => asked.message === message)) return;
  send({ type: "press", message, button: pressed.dataset.button }, { message, button: pressed.dataset.button });
}

function tap(pressed) {
  const message = pressed.closest("article").dataset.id;
  const added = pressed.getAttribute("aria-pressed") !== "true";
  send({ type: "react", message, rating: Number(pressed.dataset.rating), added });
}

// A button whose press is under way says so; it stays where it is, so that the keyboard does not lose its place.
function showWaiting() {
  for (const busy of log.querySelectorAll("[aria-busy]")) busy.removeAttribute("aria-busy");
  for (const asked of waiting.values()) {
    if (!asked.button) continue;
    drawn(asked.message)?.querySelector(`[data-button="${CSS.escape(asked.button)}"]`)?.setAttribute("aria-busy", "true");
  }
}

function done(frame) {
  const asked = waiting.get(frame.key);
  waiting.delete(frame.key);
  showWaiting();
  if (frame.says) toast(frame.says);
  if (!asked || asked.frame.type === "react") return;
  if (frame.form) showForm(frame.form, fill(frame.form.id, asked.message ?? ""), look);
  else look(frame.shown);
}

// What was shown gets the focus; what has not arrived yet gets it when it does.
function look(shown) {
  const first = shown.map((id) => messages.get(id)).find(Boolean);
  expected = first ? "" : shown[0] ?? "";
  if (!first) return;
  if (room.direct && !inView(first)) show(first.direct ? "direct" : "channel");
  goTo(drawn(first.id));
}

// How a form is sent, with one key for as long as it is open, so that twice is once.
function fill(form, on) {
  const query = new URLSearchParams({ as: you, form, on, key: newKey() });
  return async (filled) => {
    try {
      const answer = await fetch(`/form?${query}`, { method: "POST", body: filled });
      return await answer.json();
    } catch {
      return { says: "That could not be brought over. Nothing was saved; send it again." };
    }
  };
}

// To the answer after Show answer, to the next question after a rating, else to what was said.
function goTo(made) {
  if (!made) return;
  current = made.dataset.id;
  const typing = document.activeElement === words && words.value;
  const target = made.querySelector(".side.answer") ?? made.querySelector(".side.question") ?? made;
  if (!typing) target.focus({ preventScroll: true });
  if (made === log.lastElementChild) toBottom();
  if (made.offsetHeight < log.clientHeight) made.scrollIntoView({ block: "nearest" });
  else target.scrollIntoView({ block: "start" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]")) return;
  const focused = document.activeElement;
  if (event.key === "Escape" && document.body.classList.contains("drawer")) return drawer(false);
  if (focused?.matches("input, textarea, select")) return;
  if (event.key === "/") {
    event.preventDefault();
    words.focus();
    words.value ||= "/";
    return suggest();
  }
  const made = focused?.closest("#log article") ?? drawn(current);
  const onControl = focused?.matches("button, a, [role=option]");
  const asked = event.key === " " || event.key === "Enter"
    ? !onControl && made?.querySelector(".press.main")
    : made?.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  if (!asked || event.repeat) return;
  event.preventDefault();
  press(asked);
});

log.addEventListener("scroll", () => { if (atBottom()) $("newer").hidden = true; }, { passive: true });
new ResizeObserver(() => { if (log.dataset.bottom === "true") toBottom(); }).observe(log);
let above = 0;
log.addEventListener("scroll", () => {
  if (atBottom() || log.scrollTop < above) log.dataset.bottom = String(atBottom());
  above = log.scrollTop;
}, { passive: true });
// A picture takes its room only once it has come: whoever was at the bottom stays there.
log.addEventListener("load", () => { if (log.dataset.bottom === "true") toBottom(); }, true);
$("newer").addEventListener("click", () => { toBottom(); drawn(current)?.focus({ preventScroll: true }); });

// ---- beside the channel

function drawAround() {
  $("group").textContent = room.name;
  $("demo").hidden = !room.controls.length;
  drawClock();
  drawChannels();
  drawMembers();
  drawControls();
  drawOptions([]);
}

function drawClock() {
  const clock = room.clock;
  $("clock").replaceChildren(el("span", {}, `${clock.short}, `), clock.time);
  $("clock").dateTime = clock.at;
  $("clock").title = clock.says;
  $("banner").textContent = room.banner;
  $("banner").hidden = !room.banner;
}

function drawChannels() {
  const title = view === "direct" ? "Direct messages" : `# ${room.channel}`;
  $("channel").textContent = title;
  document.title = `${title} · ${room.name}`;
  const entry = (name, text, count = 0) => {
    const made = el("button", { type: "button", "aria-current": name === view ? "page" : undefined }, el("span", {}, text));
    if (count) made.append(el("span", { class: "count" }, String(count), el("span", { class: "unseen" }, " new")));
    made.addEventListener("click", () => { show(name); drawer(false); });
    return el("li", {}, made);
  };
  const channels = [entry("channel", `# ${room.channel}`)];
  if (room.direct) channels.push(entry("direct", "Direct messages with Flashmob", unseen));
  $("channels").replaceChildren(...channels);
}

function show(name) {
  view = name;
  if (view === "direct") unseen = 0;
  drawChannels();
  drawLog();
}

function drawMembers() {
  const held = $("members").contains(document.activeElement);
  $("members").replaceChildren(...room.members.map((member) => {
    const mine = member.id === you;
    const made = el("a", { href: `?as=${encodeURIComponent(member.id)}`, "data-member": member.id, "aria-current": mine ? "true" : undefined },
      avatar(member), el("span", {}, member.name));
    if (member.leads) made.append(el("span", { class: "lead" }, "leads"));
    if (mine) made.append(el("span", { class: "you" }, "you"));
    return el("li", {}, made);
  }));
  if (held) $("members").querySelector("[aria-current]")?.focus();
  const me = room.members.find((member) => member.id === you);
  $("me").replaceChildren(...(me ? [avatar(me), el("span", { class: "unseen" }, `You look as ${me.name}`)] : []));
  $("me").title = me ? `You look as ${me.name}` : "";
}

$("members").addEventListener("click", (event) => {
  const link = event.target.closest("a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState({}, "", link.href);
  drawer(false);
  lookAs(link.dataset.member);
});
window.addEventListener("popstate", () => lookAs(new URLSearchParams(location.search).get("as") ?? ""));

function lookAs(member) {
  const name = room.members.find((each) => each.id === member)?.name;
  you = member;
  waiting.clear();
  current = "";
  unseen = 0;
  const old = socket;
  socket = null;
  old?.close();
  connect();
  report(name ? `Looking as ${name}` : "", 2500);
}

function drawControls() {
  $("controls").replaceChildren(...room.controls.map((given) => {
    const made = el("button", { type: "button", class: "control", "data-control": given.name },
      el("strong", {}, given.label), el("span", {}, given.says));
    if (room.busy === given.name) made.setAttribute("aria-busy", "true");
    made.addEventListener("click", () => { if (!room.busy) { drawer(false); send({ type: "control", name: given.name }); } });
    return el("li", {}, made);
  }));
}

// Night lasts as long as the work behind it, within reason.
let dark = 0;
let dawn = 0;
function control(frame) {
  room.busy = frame.busy ? frame.name : "";
  for (const made of document.querySelectorAll("[data-control]")) {
    made.toggleAttribute("aria-busy", made.dataset.control === room.busy);
    if (made.dataset.control === room.busy) made.setAttribute("aria-busy", "true");
  }
  if (!frame.veil) return;
  clearTimeout(dawn);
  if (frame.busy) {
    dark = performance.now();
    $("veil").replaceChildren(el("span", {}, frame.veil));
    $("veil").classList.add("down");
  }
  const rest = frame.busy ? LONGEST_NIGHT_MS : Math.max(0, SHORTEST_NIGHT_MS - (performance.now() - dark));
  dawn = setTimeout(() => { $("veil").classList.remove("down"); $("veil").replaceChildren(); }, rest);
}

function drawer(open) {
  const was = document.body.classList.contains("drawer");
  document.body.classList.toggle("drawer", open);
  $("menu").setAttribute("aria-expanded", String(open));
  $("shade").hidden = !open;
  document.querySelector("main").inert = open;
  if (open) $("side").querySelector("a, button")?.focus();
  else if (was) $("menu").focus();
}
$("menu").addEventListener("click", () => drawer(!document.body.classList.contains("drawer")));
$("shade").addEventListener("click", () => drawer(false));
matchMedia("(max-width: 760px)").addEventListener("change", () => drawer(false));

let fading = 0;
function toast(text) {
  clearTimeout(fading);
  $("toast").replaceChildren(el("span", {}, text));
  fading = setTimeout(() => $("toast").replaceChildren(), 9000);
}

// ---- commands

let chosen = -1;

function suggest() {
  const typed = words.value.toLowerCase();
  const asked = typed.startsWith("/") && !typed.includes(" ");
  drawOptions(asked ? room.commands.filter((command) => `/${command.name}`.startsWith(typed)) : []);
}

function drawOptions(commands) {
  chosen = -1;
  $("options").replaceChildren(...commands.map((command, at) => {
    const made = el("li", { role: "option", id: `option-${at}`, "aria-selected": "false", "data-name": command.name },
      el("strong", {}, command.usage), el("span", {}, command.says));
    made.addEventListener("mousedown", (event) => event.preventDefault());
    made.addEventListener("click", () => { take(command.name); words.focus(); });
    return made;
  }));
  $("options").hidden = !commands.length;
  words.setAttribute("aria-expanded", String(commands.length > 0));
  words.removeAttribute("aria-activedescendant");
}

function choose(at) {
  const options = [...$("options").children];
  chosen = (at + options.length) % options.length;
  options.forEach((option, number) => option.setAttribute("aria-selected", String(number === chosen)));
  options[chosen].scrollIntoView({ block: "nearest" });
  words.setAttribute("aria-activedescendant", options[chosen].id);
}

function take(name) {
  words.value = `/${name} `;
  drawOptions([]);
}

words.addEventListener("input", suggest);
words.addEventListener("focus", suggest);
words.addEventListener("blur", () => drawOptions([]));
words.addEventListener("keydown", (event) => {
  const options = $("options").children;
  if (event.key === "Escape") { if (options.length) drawOptions([]); else { words.value = ""; drawn(current)?.focus({ preventScroll: true }); } }
  else if (!options.length) return;
  else if (event.key === "ArrowDown") choose(chosen + 1);
  else if (event.key === "ArrowUp") choose(chosen < 0 ? options.length - 1 : chosen - 1);
  else if (event.key === "Tab" && chosen >= 0) take(options[chosen].dataset.name);
  else if (event.key === "Enter" && chosen >= 0) { words.value = `/${options[chosen].dataset.name}`; drawOptions([]); return; }
  else return;
  event.preventDefault();
});

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = words.value.trim();
  if (!text) return;
  send({ type: "command", text, direct: view === "direct" });
  words.value = "";
  drawOptions([]);
});

// ---- decks

$("add").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", () => { bring($("file").files[0]); $("file").value = ""; });

async function bring(file) {
  if (!file) return;
  if (file.size > MOST_BYTES) return toast(`${file.name} is larger than 20 MB, so it was not read. A deck without its pictures is usually far smaller.`);
  forgetHint();
  $("add").setAttribute("aria-busy", "true");
  try {
    const query = new URLSearchParams({ as: you, name: file.name, key: newKey() });
    const answer = await fetch(`/deck?${query}`, { method: "POST", body: file, headers: { "Content-Type": "application/octet-stream" } });
    const { says } = await answer.json();
    if (says) toast(says); else toBottom();
  } catch {
    toast("That file could not be brought over. Nothing was saved; try it again.");
  }
  $("add").removeAttribute("aria-busy");
}

const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
let over = 0;
window.addEventListener("dragenter", (event) => { if (carriesFiles(event)) { over += 1; document.body.classList.add("dropping"); } });
window.addEventListener("dragleave", (event) => { if (carriesFiles(event) && (over -= 1) <= 0) document.body.classList.remove("dropping"); });
window.addEventListener("dragover", (event) => { if (carriesFiles(event)) event.preventDefault(); });
window.addEventListener("drop", (event) => {
  if (!carriesFiles(event)) return;
  event.preventDefault();
  over = 0;
  document.body.classList.remove("dropping");
  bring(event.dataTransfer.files[0]);
});

connect();
