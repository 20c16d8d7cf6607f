// Who else has this case open. The page holds <p id="presence" data-at data-words hidden>.

const EVERY = 15000; // milliseconds, as bot/feedback/presence.py expects
const said = document.getElementById("presence");
const token = document.body.dataset.token;

/** Say that the page is open here, and hear where else it is. */
async function greet() {
  if (document.hidden) return;
  const headers = { "X-Form-Token": token, Accept: "application/json" };
  const answer = await fetch(`${said.dataset.at}/presence`, { method: "POST", headers }).catch(() => null);
  if (!answer?.ok) return;
  const { others } = await answer.json();
  said.textContent = said.dataset.words.replace("{names}", others.join(", "));
  said.hidden = !others.length;
}

greet();
setInterval(greet, EVERY);
document.addEventListener("visibilitychange", greet);
addEventListener("pagehide", () => {
  const headers = { "X-Form-Token": token };
  fetch(`${said.dataset.at}/left`, { method: "POST", headers, keepalive: true });
});
