// What every page of the console shares; each page works without it.

/** Send a form's fields, or none, to an address of ours; resolves to the answer's JSON. */
export async function post(path, fields = {}) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "X-Form-Token": document.body.dataset.token, Accept: "application/json" },
    body: new URLSearchParams(fields),
  });
  if (!answer.ok) throw Object.assign(new Error(`${answer.status}`), { status: answer.status });
  return answer.status === 204 ? null : answer.json();
}

/** Ask before a page is left on which words were typed and not sent. */
function guardUnsaved() {
  let unsaved = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[method=post]")) unsaved = true;
  });
  document.addEventListener("submit", () => (unsaved = false));
  addEventListener("beforeunload", (event) => unsaved && event.preventDefault());
}

/** A form that was sent is not sent again by a second tap; one that fetches a file leaves us here. */
function sendOnce() {
  document.addEventListener("submit", (event) => {
    if ([event.target, event.submitter].some((each) => each && "file" in each.dataset)) return;
    if (event.target.dataset.sent) return event.preventDefault();
    event.target.dataset.sent = "yes";
  });
  addEventListener("pageshow", () => {
    for (const form of document.forms) delete form.dataset.sent;
  });
}

/** The account's menu closes with Escape and with a tap elsewhere. */
function closeMenu() {
  const menu = document.querySelector("details.account");
  if (!menu) return;
  document.addEventListener("click", (event) => menu.contains(event.target) || (menu.open = false));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

/** In a bar that scrolls sideways, what has the focus is seen whole. */
function showFocus() {
  document.addEventListener("focusin", ({ target }) => {
    if (target.closest(".places, .tabs")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
}

guardUnsaved();
sendOnce();
closeMenu();
showFocus();
