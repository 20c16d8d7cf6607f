// The tray: pictures and files chosen for the next message. Each travels at once and by itself;
// what the server keeps has an id. Previews are painted on canvases: no address of ours is needed.

const MOST = 5; // of one message
const MOST_BYTES = 12 * 1024 * 1024;
const TAKEN = ["image/jpeg", "image/png", "image/webp"];
const SMALL_ENOUGH = 1024 * 1024; // bytes; a larger photo is made smaller before it travels
const LONGEST_EDGE = 2560; // pixels, as the server would make it
const PREVIEW = 144; // pixels
const PATIENCE = 180_000; // milliseconds

export function attachTray({ words, conversation, make, say, show, kept, changed }) {
  const list = document.getElementById("tray");
  const input = document.getElementById("file");
  let items = []; // {state: "uploading" | "kept" | "failed" | "refused", file, id, why, node, …}

  const inState = (state) => items.filter((item) => item.state === state);

  function choose(files) {
    const room = MOST - items.length;
    if (files.length > room) show(words.file_count);
    for (const file of files.slice(0, room)) {
      const preview = make("canvas", { width: PREVIEW, height: PREVIEW, "aria-hidden": "true" });
      upload(add({ file, name: file.name, preview, state: "uploading" }));
    }
  }

  function restore(id) {
    const preview = make("img", { src: `/chat/uploads/${id}`, alt: "" });
    add({ id, name: words.attachment, preview, state: "kept" });
  }

  function add(item) {
    item.node = make("li");
    items.push(item);
    draw(item);
    list.append(item.node);
    list.hidden = false;
    return item;
  }

  async function upload(item) {
    item.body ??= await prepare(item.file, item.preview);
    if (!items.includes(item)) return; // taken out meanwhile
    settle(item, item.body.size > MOST_BYTES ? "file_too_large" : await post(item));
  }

  function post(item) {
    return new Promise((done) => {
      const request = (item.request = new XMLHttpRequest());
      request.open("POST", `/chat/uploads?conversation=${conversation}`);
      request.setRequestHeader("Content-Type", "application/octet-stream");
      request.responseType = "json";
      request.timeout = PATIENCE;
      request.upload.onprogress = ({ loaded, total }) => showProgress(item, loaded / total);
      request.onload = () => {
        item.id = request.response?.id;
        const large = request.status === 413 && "file_too_large"; // a proxy says it in its own way
        done(item.id ? null : large || request.response?.error || "unreachable");
      };
      request.onerror = request.ontimeout = () => done("unreachable");
      request.send(item.body);
    });
  }

  function settle(item, why) {
    const forGood = why?.startsWith("file_") && why !== "file_busy";
    item.state = why === null ? "kept" : forGood ? "refused" : "failed";
    item.why = why;
    draw(item);
    say(`${item.name}: ${inWords(item)}`);
    changed(ids());
  }

  function inWords({ state, why }) {
    if (state === "kept") return words.uploaded;
    if (state === "uploading") return words.uploading;
    return words[why] ?? (navigator.onLine ? words.upload_failed : words.upload_later);
  }

  function draw(item) {
    const { state, name } = item;
    const button = (text, act) => {
      const node = make("button", { type: "button", class: "quiet", "aria-label": `${text}: ${name}` }, text);
      node.addEventListener("click", () => act(item));
      return node;
    };
    const told = make("span", { class: state === "refused" ? "refused" : "told" }, inWords(item));
    const bar = state === "uploading" && make("progress", { max: 1, value: 0, "aria-label": `${words.uploading}: ${name}` });
    const acts = make("span", { class: "acts" }, state === "failed" && button(words.upload_again, again), button(words.remove, remove));
    item.node.className = state;
    item.node.replaceChildren(item.preview, make("div", { class: "about-file" }, make("span", { class: "name" }, name), told, bar, acts));
  }

  function showProgress(item, part) {
    const bar = item.node.querySelector("progress");
    if (bar && Number.isFinite(part)) bar.value = part;
  }

  function again(item) {
    item.state = "uploading";
    draw(item);
    upload(item);
  }

  function remove(item) {
    drop([item]);
    item.request?.abort();
    if (item.id) fetch(`/chat/uploads/${item.id}`, { method: "DELETE", keepalive: true }).catch(() => {}); // else forgotten in a day
    say(`${words.removed}: ${item.name}`);
    input.focus();
    changed(ids());
  }

  function drop(gone) {
    items = items.filter((item) => !gone.includes(item));
    gone.forEach((item) => item.node.remove());
    list.hidden = !items.length;
  }

  const ids = () => inState("kept").map((item) => item.id);

  input.addEventListener("change", () => {
    choose([...input.files]);
    input.value = ""; // the same file may be chosen again, and the form carries none twice
  });
  document.getElementById("write").addEventListener("paste", (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    choose([...event.clipboardData.files]);
  });
  window.addEventListener("online", () => inState("failed").forEach(again));

  const drawn = [...list.querySelectorAll("input[name=attachment]:checked")].map((box) => box.value);
  list.replaceChildren();
  new Set([...drawn, ...kept]).forEach(restore);

  return {
    ids,
    holds: (state) => inState(state).length > 0,
    take() {
      const taken = ids();
      drop([...inState("kept"), ...inState("refused")]);
      changed(ids());
      return taken;
    },
  };
}

// Paint the preview, and return what is to travel: a large photo made smaller, without what the
// telephone wrote into it; anything else as it is.
async function prepare(file, preview) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" }).catch(() => null);
  if (!picture) return file; // no picture, or none that this browser reads: the server says
  paint(preview, picture, Math.max(PREVIEW / picture.width, PREVIEW / picture.height));
  if (TAKEN.includes(file.type) && file.size <= SMALL_ENOUGH) return file;
  const smaller = await shrink(picture);
  picture.close();
  return smaller && (smaller.size < file.size || !TAKEN.includes(file.type)) ? smaller : file;
}

async function shrink(picture) {
  if (!canvasTellsTheTruth()) return null;
  const scale = Math.min(1, LONGEST_EDGE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  paint(canvas, picture, scale);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
}

function paint(canvas, picture, scale) {
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  const [width, height] = [picture.width * scale, picture.height * scale];
  brush.drawImage(picture, (canvas.width - width) / 2, (canvas.height - height) / 2, width, height);
}

// Browsers that guard against tracking (Tor) hand out noise in place of what was painted.
function canvasTellsTheTruth() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 8;
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#336699";
  brush.fillRect(0, 0, 8, 8);
  const seen = brush.getImageData(0, 0, 8, 8).data;
  return seen.every((value, n) => value === [0x33, 0x66, 0x99, 0xff][n % 4]);
}
