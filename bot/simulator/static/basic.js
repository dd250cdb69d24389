// The basic phone: a screen of eight lines of twenty, twelve keys, and what each SMS costs.

import { arrived, ask, dollars, hour, lost, make, onChange, state, thread, toast } from "./net.js";
import { onChoice, owner } from "./people.js";
import { isWaited } from "./whatsapp.js";

const screen = document.getElementById("lcd");
const box = document.getElementById("sms-text");
const counter = document.getElementById("sms-size");
const LINE = 21;

export async function writeSms(text) {
  box.value = "";
  measure();
  await ask("messages", { number: owner("sms"), channel: "sms", text }).catch((error) => toast(error.message));
}

const sms = (count) => `${count} SMS`;

function draw() {
  const number = owner("sms");
  if (!number) return;
  const messages = thread(number, "sms");
  const rows = [];
  let latest = null;
  for (const message of messages) {
    if (lost(message)) rows.push(make("p", { class: "lost" }, `(no llegó: error ${message.error_code})`));
    if (!arrived(message)) continue;
    const mark = message.from_person ? (message.answer === null ? "…" : message.answer === 200 ? "✓" : "!") : sms(message.segments);
    latest = make("h4", { class: message.from_person ? "mine" : "" }, make("span", {}, `${message.from_person ? "Yo" : "Ayllu"} ${hour(message.at)}`), make("span", {}, mark));
    rows.push(latest, make("p", {}, message.text));
  }
  const waited = isWaited(messages);
  if (!rows.length) rows.push(make("p", {}, "No hay mensajes.\n\nEscriba abajo y\nenvíe. No necesita\ninternet ni saldo\nde datos."));
  const before = screen.scrollTop;
  const changed = screen.dataset.owner !== number || screen.dataset.last !== String(messages.filter(arrived).at(-1)?.sid);
  screen.replaceChildren(...rows);
  screen.dataset.owner = number;
  screen.dataset.last = String(messages.filter(arrived).at(-1)?.sid);
  // A new message is shown from its first line, as on such a phone; the keys scroll through the rest.
  if (changed && latest) screen.scrollTop = latest.offsetTop - screen.offsetTop;
  else screen.scrollTop = before;
  document.getElementById("lcd-title").textContent = waited ? "Ayllu ✉…" : "Ayllu";
  caption(messages);
}

function caption(messages) {
  const place = document.getElementById("sms-caption");
  place.replaceChildren();
  const last = messages.findLast((message) => !message.from_person && message.price !== null);
  if (!last) return;
  place.append("Última: ", make("b", {}, `${[...last.text].length} letras, ${sms(last.segments)}`), ` · ${dollars(last.price)}`);
  if (last.encoding !== "GSM-7") place.append(" · con tildes o emoji: caben 70");
}

let asked = 0;
async function measure() {
  const turn = ++asked;
  const size = await ask(`size?text=${encodeURIComponent(box.value)}`).catch(() => null);
  if (!size || turn !== asked) return;
  counter.textContent = `${size.left}/${size.segments}`;
  counter.title = `Quedan ${size.left} de este SMS; se pagan ${size.segments}`;
  counter.classList.toggle("dear", size.segments > 1 || size.encoding !== "GSM-7");
}

box.addEventListener("input", measure);
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    document.getElementById("brick").requestSubmit();
  }
});
document.getElementById("brick").addEventListener("submit", (event) => {
  event.preventDefault();
  if (box.value.trim()) writeSms(box.value.trim());
});
for (const key of document.querySelectorAll("[data-scroll]")) {
  key.addEventListener("click", () => { screen.scrollTop += Number(key.dataset.scroll) * LINE * 3; });
}
document.getElementById("erase").addEventListener("click", () => {
  box.value = [...box.value].slice(0, -1).join("");
  tapped = null;
  measure();
});

// Twelve keys: pressing one again soon changes the letter just written.

const LETTERS = { 1: ".,?!1", 2: "abcá2", 3: "defé3", 4: "ghií4", 5: "jkl5", 6: "mnñoó6", 7: "pqrs7", 8: "tuvúü8", 9: "wxyz9", "*": "*+-/", 0: " 0" };
const AGAIN_MS = 900;
let tapped = null;
let capitals = false;

function press(key) {
  if (key === "#") {
    capitals = !capitals;
    return;
  }
  const again = tapped && tapped.key === key && performance.now() - tapped.at < AGAIN_MS;
  const turn = again ? (tapped.turn + 1) % LETTERS[key].length : 0;
  const letter = capitals ? LETTERS[key][turn].toUpperCase() : LETTERS[key][turn];
  box.value = (again ? box.value.slice(0, -1) : box.value) + letter;
  tapped = { key, turn, at: performance.now() };
  box.scrollTop = box.scrollHeight;
  measure();
}

for (const key of document.querySelectorAll("[data-key]")) key.addEventListener("click", () => press(key.dataset.key));

onChange(draw);
onChoice(draw);
