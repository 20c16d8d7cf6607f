// The live parts of the chat page: sending without reloading, the stream, drafts.
// Everything said is inserted as text, never as markup. Without this file the page still works.

const at = (id) => document.getElementById(id);
const words = JSON.parse(at("words").textContent);
const conversation = document.body.dataset.conversation;
const log = at("log");
const field = at("write");
const { attachTray } = await import(document.body.dataset.tray);
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// -- drawing: the same elements as templates/line.html ------------------------------------------

function make(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children.filter(Boolean));
  return node;
}

const link = (href, text) => make("a", { href, rel: "noopener noreferrer", target: "_blank" }, text);
const runs = (text) => (text ?? []).map((run) => (run.href ? link(run.href, run.text) : run.text));
const many = (list, draw) => (list ?? []).map(draw);

function section(part, level) {
  return [
    part.heading && make(`h${level}`, {}, part.heading),
    part.lead?.length && make("p", {}, ...runs(part.lead)),
    part.facts?.length && make("dl", {}, ...many(part.facts, fact)),
    ...many(part.paragraphs, (text) => make("p", {}, ...runs(text))),
    part.items?.length && make("ul", {}, ...many(part.items, (text) => make("li", {}, ...runs(text)))),
  ];
}

const fact = ({ term, value }) => make("div", {}, make("dt", {}, term), make("dd", {}, ...runs(value)));

function card(it) {
  const from = it.source;
  return make(
    "div",
    { class: "card" },
    ...section(it, 2),
    ...many(it.sections, (part) => make("section", {}, ...section(part, 3))),
    from && make("p", { class: "source" }, `${words.source}: `, from.href ? link(from.href, from.text) : from.text),
  );
}

function picture(address) {
  if (address.startsWith("/")) return make("img", { src: address, alt: words.image, loading: "lazy" });
  return make("p", { class: "bubble" }, link(address, words.open_image));
}

function pictures(addresses) {
  return make("div", { class: "pictures" }, ...addresses.map((src, n) =>
    make("img", { src, alt: `${words.attachment} ${n + 1}`, loading: "lazy" })));
}

function choices(buttons) {
  const form = { class: "choices", method: "post", action: "/chat/form" };
  const id = make("input", { type: "hidden", name: "id", value: newId() });
  return make("form", form, id, ...buttons.map((button) =>
    make("button", { type: "submit", name: "choice", value: JSON.stringify(button) }, button.title)));
}

// What is very long scrolls inside its bubble, also by keyboard.
function bubble({ author, text }) {
  const long = author === "citizen" && text[0].text.length > 1500;
  return { class: "bubble", ...(long && { tabindex: 0 }) };
}

function drawLine(it) {
  const node = make(
    "li",
    { class: `line ${it.author}` },
    make("span", { class: "who" }, `${words[it.author]}: `),
    it.text?.length && make("p", bubble(it), ...runs(it.text)),
    it.attachments?.length && pictures(it.attachments),
    it.card && card(it.card),
    it.image && picture(it.image),
    it.buttons?.length && choices(it.buttons),
    make("p", { class: "when" }),
  );
  if (it.id) number(node, it.id);
  if (it.message_id) node.dataset.message = it.message_id;
  return node;
}

function number(node, id) {
  node.dataset.line = id;
  node.id = `line-${id}`;
}

function showWhen(node, it) {
  const received = it.author === "citizen" ? ` · ${words.received}` : "";
  node.querySelector(".when").replaceChildren(make("time", { datetime: it.at }, it.clock), received);
}

// -- the log: lines in the order of their ids, unsent messages after them -----------------------

const linesIn = (list) => [...list.querySelectorAll("[data-line]")];
const cursor = () => Math.max(0, ...linesIn(log).map((node) => Number(node.dataset.line)));
const lineNode = (id) => log.querySelector(`[data-line="${id}"]`);
const messageNode = (id) => log.querySelector(`[data-message="${CSS.escape(id)}"]`);

function place(node, day) {
  const later = linesIn(log).find((other) => Number(other.dataset.line) > Number(node.dataset.line));
  const next = later ?? [...log.querySelectorAll(".line:not([data-line])")].find((other) => other !== node) ?? null;
  if (node.parentNode !== log || (next && node.nextElementSibling !== next)) log.insertBefore(node, next);
  if (dayBefore(node) !== day) log.insertBefore(make("li", { class: "day" }, day), node);
}

function dayBefore(node) {
  let other = node.previousElementSibling;
  while (other && !other.classList.contains("day")) other = other.previousElementSibling;
  return other?.textContent;
}

function receive(it) {
  if (lineNode(it.id)) return;
  const follows = isAtEnd();
  const sent = it.message_id && messageNode(it.message_id);
  const node = sent || drawLine(it);
  if (sent) {
    number(node, it.id);
    node.classList.remove("sending", "failed");
    forget(it.message_id);
  }
  showWhen(node, it);
  place(node, it.day);
  at("welcome").hidden = true;
  showTyping();
  if (it.author === "bot") follows ? reveal(node) : offer(node);
}

function isAtEnd() {
  const end = document.documentElement.scrollHeight;
  return window.innerHeight + window.scrollY >= end - 120;
}

const toEnd = () => window.scrollTo({ top: document.documentElement.scrollHeight });

// A long answer is read from its beginning.
function reveal(node) {
  const room = window.innerHeight - document.querySelector(".bottom").offsetHeight;
  if (node.offsetHeight > room) node.scrollIntoView({ block: "start" });
  else toEnd();
}

function offer(node) {
  const button = at("fresh");
  button.textContent = words.new_answer;
  button.hidden = false;
  button.onclick = () => {
    button.hidden = true;
    node.scrollIntoView({ block: "start" });
    field.focus({ preventScroll: true });
  };
}

// -- waiting for an answer ----------------------------------------------------------------------

const SLOW = 12_000; // milliseconds after which the page says that it takes long
const TOO_OLD = 600_000; // an unanswered line of this age is history
let slow, untilUnsaid; // timers

// A phone's clock may be wrong by hours: ages are told by the server's.
const ahead = Date.now() - Number(document.body.dataset.now);
const serverNow = () => Date.now() - ahead;

function showTyping() {
  clearTimeout(slow);
  const last = [...log.querySelectorAll(".line:not(.failed)")].at(-1);
  const since = last?.querySelector("time")?.dateTime;
  const age = since ? Math.max(0, serverNow() - Date.parse(since)) : 0;
  const waits = Boolean(last?.classList.contains("citizen")) && age < TOO_OLD;
  const follows = isAtEnd();
  at("typing").hidden = !waits;
  at("typing-words").textContent = words.typing;
  if (waits) slow = setTimeout(saySlow, Math.max(0, SLOW - age));
  if (waits && follows) toEnd();
}

function saySlow() {
  at("typing-words").textContent = words.slow;
  say(words.slow);
}

// For screen readers only; gone again before somebody finds it by walking through the page.
function say(text) {
  at("said").textContent = text;
  clearTimeout(untilUnsaid);
  untilUnsaid = setTimeout(() => at("said").replaceChildren(), 5000);
}

// -- what is kept on this device: the draft, and messages until the server has them -------------

const UNSENT = "danhoi.unsent";
const DRAFT = "danhoi.draft";
const TRAY = "danhoi.tray"; // ids of what is uploaded for it
const RELOADED = "danhoi.reloaded";
const memory = new Map(); // where the browser refuses storage

function load(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return memory.get(key) ?? null;
  }
}

function save(key, value) {
  memory.set(key, value);
  try {
    if (value) localStorage.setItem(key, value);
    else localStorage.removeItem(key);
  } catch {
    // full or refused: the page's own memory has it
  }
}

function listed(key) {
  try {
    return JSON.parse(load(key)) ?? [];
  } catch {
    return [];
  }
}

const unsent = () => listed(UNSENT);

const keep = (list) => save(UNSENT, list.length ? JSON.stringify(list) : "");
const forget = (id) => keep(unsent().filter((message) => message.id !== id));
const mark = (id, state) => keep(unsent().map((it) => (it.id === id ? { ...it, state } : it)));

// crypto.randomUUID is missing on pages served without https
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// -- sending: one message at a time, in the order of writing ------------------------------------

const PAUSES = [800, 2500]; // milliseconds before the second and the third try
const PATIENCE = 20_000; // milliseconds for one try
let sending = false;

function send(text, payload = "", attachments = []) {
  const message = { id: newId(), text, payload, attachments, state: "sending" };
  keep([...unsent(), message]);
  showUnsent(message);
  at("welcome").hidden = true;
  toEnd();
  pump();
}

function showUnsent(message) {
  const node = drawLine({
    author: "citizen",
    text: message.text ? [{ text: message.text }] : [],
    attachments: (message.attachments ?? []).map((id) => `/chat/uploads/${id}`),
    message_id: message.id,
  });
  log.append(node);
  showState(message);
}

function showState({ id, state }) {
  const node = messageNode(id);
  if (!node || node.dataset.line) return;
  node.classList.toggle("sending", state === "sending");
  node.classList.toggle("failed", state === "failed");
  const again = make("button", { type: "button", class: "state" }, words.failed);
  const plain = make("span", { class: "state" }, words[state]);
  node.querySelector(".when").replaceChildren(state === "failed" ? again : plain);
  showTyping();
}

async function pump() {
  if (sending) return;
  sending = true;
  for (let message; (message = unsent().find((it) => it.state === "sending")); ) {
    await deliver(message);
  }
  sending = false;
}

async function deliver(message) {
  const refusal = await tryToSend(message);
  if (refusal === null) showState({ ...message, state: "received" });
  if (refusal === null || isConfirmed(message.id)) {
    if (document.body.dataset.stream === "open") showNotice(""); // of an earlier refusal
    return forget(message.id);
  }
  mark(message.id, "failed");
  showState({ ...message, state: "failed" });
  if (words[refusal]) showNotice(words[refusal]); // a status of its own: said once
  else say(words.failed_said);
  if (refusal === "file_gone") giveBack(message);
  if (refusal === "no_conversation" || refusal === "conversation_changed") reload();
}

// Without its files the message is another one: its words go back to where they were written.
function giveBack({ id, text }) {
  messageNode(id).remove();
  forget(id);
  field.value = [text, field.value].filter(Boolean).join("\n");
  field.dispatchEvent(new Event("input"));
}

// The stream may have brought the message back although its own answer got lost.
const isConfirmed = (id) => Boolean(messageNode(id)?.dataset.line);

// Returns null when the server has the message, else the code of what kept it from arriving.
async function tryToSend(message) {
  for (const wait of [...PAUSES, null]) {
    const refusal = await post(message);
    const passing = refusal === "unreachable" || refusal === "storage_down";
    if (!passing || wait === null || !navigator.onLine) return refusal;
    await pause(wait);
  }
}

async function post({ id, text, payload, attachments = [] }) {
  try {
    const answer = await fetch("/chat/messages", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ id, text, payload, attachments, conversation }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    if (answer.ok) return null;
    return (await answer.json()).error;
  } catch {
    return "unreachable";
  }
}

function sendAgain(node) {
  const message = unsent().find((it) => it.id === node.dataset.message);
  if (!message) return;
  mark(message.id, "sending");
  showState({ ...message, state: "sending" });
  showNotice("");
  field.focus();
  pump();
}

// -- the stream ---------------------------------------------------------------------------------

const SILENCE = 50_000; // milliseconds; the server beats every 20 seconds
const LONGEST = 15_000; // milliseconds between two tries to connect
let source = null;
let tries = 0;
let untilAgain, untilSilence, untilNotice; // timers

function connect() {
  hangUp();
  if (document.hidden) return; // a page in the background takes no connection
  source = new EventSource(`/chat/stream?after=${cursor()}`);
  source.addEventListener("hello", (event) => (event.data === conversation ? connected() : reload()));
  source.addEventListener("line", (event) => {
    alive();
    receive(JSON.parse(event.data));
  });
  source.addEventListener("beat", alive);
  source.onerror = lost;
  alive();
}

function hangUp() {
  source?.close();
  source = null;
  clearTimeout(untilAgain);
  clearTimeout(untilSilence);
}

function alive() {
  clearTimeout(untilSilence);
  untilSilence = setTimeout(lost, SILENCE);
}

function connected() {
  if (tries > 0 && !at("notice").hidden) say(words.back_online);
  tries = 0;
  clearTimeout(untilNotice);
  document.body.dataset.stream = "open";
  showNotice("");
}

function lost() {
  hangUp();
  document.body.dataset.stream = "lost";
  tries += 1;
  const wait = Math.min(LONGEST, 400 * 2 ** tries) * (0.75 + Math.random() / 2);
  untilAgain = setTimeout(connect, wait);
  if (tries === 1) untilNotice = setTimeout(sayLost, 1000); // a hiccup is not worth a word
  catchUp();
}

function sayLost() {
  showNotice(navigator.onLine ? words.lost : words.offline);
}

// Where only the stream is broken (some proxies), every try to reconnect still brings the news.
async function catchUp() {
  try {
    const answer = await fetch(`/chat/history?after=${cursor()}`, { signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 409) return reload();
    if (answer.ok) (await answer.json()).lines.forEach(receive);
  } catch {
    // unreachable: the next try comes by itself
  }
}

function showNotice(text) {
  const notice = at("notice");
  notice.textContent = text;
  notice.hidden = !text;
}

// The cookie is another one, or gone: the page shows the wrong conversation. Once a minute at most.
function reload() {
  hangUp();
  if (Date.now() - Number(load(RELOADED)) < 60_000 || !navigator.cookieEnabled) {
    clearTimeout(untilNotice);
    return showNotice(words.cookies);
  }
  save(RELOADED, String(Date.now()));
  location.replace("/");
}

// -- older lines --------------------------------------------------------------------------------

async function showOlder(event) {
  event.preventDefault();
  const before = Number(linesIn(log)[0].dataset.line);
  const answer = await fetch(`/chat/history?before=${before}`).catch(() => null);
  if (!answer?.ok) return showNotice(words.lost);
  const { lines } = await answer.json();
  const height = document.documentElement.scrollHeight;
  prepend(lines);
  window.scrollBy(0, document.documentElement.scrollHeight - height);
  if (lines.length < 50) at("older").parentNode.remove();
}

function prepend(lines) {
  for (const it of lines) {
    const node = drawLine(it);
    showWhen(node, it);
    place(node, it.day);
  }
  const days = [...log.querySelectorAll(".day")];
  days.filter((day, n) => n > 0 && days[n - 1].textContent === day.textContent).forEach((day) => day.remove());
}

// -- the composer -------------------------------------------------------------------------------

function submitComposer(event) {
  event.preventDefault();
  const text = field.value.trim();
  field.focus();
  sendWhenUploaded = tray.holds("uploading");
  if (sendWhenUploaded) return showNotice(words.upload_first);
  if (tray.holds("failed")) return showNotice(words.upload_or_remove);
  if (!text && !tray.ids().length) return;
  const attachments = tray.take();
  field.value = "";
  save(DRAFT, "");
  grow();
  send(text, "", attachments);
}

let sendWhenUploaded = false;

const tray = attachTray({
  words,
  conversation,
  make,
  say,
  show: showNotice,
  kept: listed(TRAY),
  changed(ids) {
    save(TRAY, ids.length ? JSON.stringify(ids) : "");
    if (!sendWhenUploaded || tray.holds("uploading")) return;
    sendWhenUploaded = false;
    const all = !tray.holds("failed") && !tray.holds("refused");
    showNotice(all ? "" : words.upload_or_remove);
    if (all) at("composer").requestSubmit();
  },
});

// Enter also ends a word in Vietnamese input methods: that Enter is not ours.
function pressKey(event) {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
  submitComposer(event);
}

function grow() {
  if (CSS.supports("field-sizing", "content")) return;
  field.style.height = "auto";
  field.style.height = `${field.scrollHeight + 2}px`;
}

const tapped = new WeakMap();

function tapChoice(event) {
  const form = event.target;
  if (!form.matches(".choices")) return;
  event.preventDefault();
  if (Date.now() - (tapped.get(form) ?? 0) < 800) return; // a trembling finger
  tapped.set(form, Date.now());
  const { name, value } = event.submitter;
  if (name !== "choice") return send(value);
  const { title, payload } = JSON.parse(value);
  send(title, payload);
}

function beginAnew(event) {
  const begun = log.querySelector(".line");
  if (begun && !confirm(words.confirm_new)) return event.preventDefault();
  save(UNSENT, "");
  save(DRAFT, "");
  save(TRAY, "");
}

function tapLog(event) {
  const failed = event.target.closest(".failed");
  if (failed && event.target.closest(".bubble, .state")) sendAgain(failed);
}

// -- start --------------------------------------------------------------------------------------

at("composer").addEventListener("submit", submitComposer);
field.addEventListener("keydown", pressKey);
field.addEventListener("input", () => {
  save(DRAFT, field.value);
  grow();
});
document.addEventListener("submit", tapChoice);
at("new").addEventListener("submit", beginAnew);
log.addEventListener("click", tapLog);
at("older")?.addEventListener("click", showOlder);
window.addEventListener("scroll", () => isAtEnd() && (at("fresh").hidden = true), { passive: true });
window.addEventListener("online", connect);
window.addEventListener("offline", () => showNotice(words.offline));
document.addEventListener("visibilitychange", connect);

field.value ||= load(DRAFT) ?? "";
grow();
for (const message of unsent()) {
  if (messageNode(message.id)) forget(message.id);
  else showUnsent(message);
}
if (log.children.length && !location.search) toEnd();
showTyping();
connect();
pump();
document.body.dataset.script = "on";
