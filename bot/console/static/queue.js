// The queue: keys, rows as links, what is chosen, and new cases as they come. It works without this.

const bulk = document.getElementById("bulk");
const rows = [...document.querySelectorAll(".queue tbody tr")];
const keys = document.getElementById("keys");
const linkOf = (row) => row.querySelector("a.open");
const boxOf = (row) => row.querySelector("input[type=checkbox]");
const current = () => rows.find((row) => row.contains(document.activeElement));

document.body.classList.add("scripted");

/** Put the cursor on the row so many further down; on the first when it is on none. */
function walk(by) {
  const at = rows.indexOf(current());
  const next = rows[at < 0 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1)];
  if (next) linkOf(next).focus();
}

/** Say how many are chosen, and show what can be done with them. */
function count() {
  const chosen = rows.filter((row) => boxOf(row).checked).length;
  bulk.querySelector(".bulk").classList.toggle("some", chosen > 0);
  const said = document.getElementById("selected");
  said.textContent = chosen ? said.dataset.words.replace("{count}", chosen) : "";
}

/** Give the chosen cases to me, or the one under the cursor. */
function take() {
  const row = current();
  if (row && !rows.some((each) => boxOf(each).checked)) boxOf(row).checked = true;
  if (rows.some((each) => boxOf(each).checked)) bulk.requestSubmit(bulk.querySelector("[value=take]"));
}

const does = {
  j: () => walk(1),
  k: () => walk(-1),
  o: () => current() && linkOf(current()).click(),
  x: () => current() && boxOf(current()).click(),
  a: take,
  "/": () => document.getElementById("q").focus(),
  "?": () => keys.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
  if (event.target.closest("input:not([type=checkbox]), textarea, select")) return;
  if (!Object.hasOwn(does, event.key)) return;
  event.preventDefault();
  does[event.key]();
});

bulk?.addEventListener("change", count);
bulk?.addEventListener("click", (event) => {
  const row = event.target.closest(".queue tbody tr");
  if (row && !event.target.closest("a, label, input") && !getSelection().toString()) linkOf(row).click();
});
if (bulk) count();

const show = document.getElementById("show-keys");
show.hidden = false;
show.addEventListener("click", () => keys.showModal());

/** New cases are told above the list; what is being read does not move. */
function listen() {
  const bar = document.getElementById("arrived");
  const link = bar.querySelector("a");
  const stream = new EventSource(bar.dataset.live);
  stream.addEventListener("arrived", (event) => {
    link.textContent = bar.dataset.words.replace("{count}", event.data);
    link.hidden = false;
  });
  addEventListener("pagehide", () => stream.close());
}
listen();
