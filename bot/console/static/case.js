// The page of a case: templates go into the composer, new messages appear, a few keys.

const LOOK_EVERY = 4000; // milliseconds

const fresh = document.getElementById("fresh");
const versions = () => document.querySelectorAll("input[data-version]");
let typing = false;
document.addEventListener("input", () => (typing = true));

/** Show a form that stands behind a heading, and put the cursor into it. */
function open(name) {
  const form = document.getElementById(name);
  if (!form) return false;
  const behind = form.closest("details.more");
  if (behind) behind.open = true;
  (form.querySelector("textarea, select, input:not([type=hidden])") ?? form.querySelector("button")).focus();
  form.scrollIntoView({ block: "nearest" });
  return true;
}

/** Put text where the cursor last was; what stands there stays, and undo works. */
function insert(field, text) {
  field.focus();
  const start = field.value && field.selectionStart === field.value.length ? "\n" : "";
  if (!document.execCommand("insertText", false, start + text)) {
    field.setRangeText(start + text, field.selectionStart, field.selectionEnd, "end");
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  const gap = field.value.indexOf("[…]");
  if (gap >= 0) field.setSelectionRange(gap, gap + 3);
}

document.addEventListener("click", (event) => {
  const template = event.target.closest("a[data-insert]");
  if (template) {
    event.preventDefault();
    template.closest("details").open = false;
    insert(document.getElementById(template.dataset.insert), template.dataset.text);
  }
  const original = event.target.closest("a[data-original]");
  if (original) {
    event.preventDefault();
    open("merge");
    document.getElementById("merge-original").value = original.dataset.original;
  }
});

/** r reply, n note, a assign to me; not while somebody writes. */
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  if (event.key === "r") {
    event.preventDefault();
    open("answer") || open("ask") || open("message");
  } else if (event.key === "n") {
    event.preventDefault();
    open("note");
  } else if (event.key === "a") {
    const form = document.getElementById("assign");
    const me = form?.querySelector("option[data-me]");
    if (!me) return;
    me.selected = true;
    form.requestSubmit();
  }
});

/** Look whether the case has moved on; take over what is new, and never what somebody types. */
async function look() {
  if (document.hidden) return;
  const headers = { Accept: "application/json", "X-Form-Token": document.body.dataset.token };
  const answer = await fetch(`${fresh.dataset.at}/version`, { headers }).catch(() => null);
  if (!answer?.ok) return;
  const { version } = await answer.json();
  if (String(version) !== versions()[0].value) await takeOver();
}

async function takeOver() {
  const answer = await fetch(`${fresh.dataset.at}/fresh`, { headers: { Accept: "text/html" } }).catch(() => null);
  if (!answer?.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const section of document.querySelectorAll("[data-live]")) {
    const newer = page.querySelector(`[data-live="${section.dataset.live}"]`);
    if (newer) section.replaceWith(newer);
  }
  const same = [...document.querySelectorAll("form.act")].map((form) => form.id).join();
  const now = [...page.querySelectorAll("form.act")].map((form) => form.id).join();
  const version = page.querySelector("input[data-version]")?.value;
  if (same === now && version) for (const field of versions()) field.value = version;
  else if (!typing) return location.reload();
  say(same !== now);
}

function say(canReload) {
  fresh.textContent = fresh.dataset.words + " ";
  if (canReload) {
    const link = document.createElement("a");
    link.href = fresh.dataset.at;
    link.textContent = fresh.dataset.reload;
    fresh.append(link);
  }
  fresh.hidden = false;
}

setInterval(look, LOOK_EVERY);
