// The basic phone: a screen of eight lines of twenty, twelve keys, and what each SMS costs.

import { arrived, ask, byId, complain, dollars, hour, isOff, isWaited, lost, make, thread } from "./net.js";
import { tellStory } from "./story.js";

const LINE = 21;
const LETTERS = { 1: ".,?!1", 2: "abcá2", 3: "defé3", 4: "ghií4", 5: "jkl5", 6: "mnoñó6", 7: "pqrs7", 8: "tuvúü8", 9: "wxyz9", "*": "*+-/", 0: " 0" };
const AGAIN_MS = 900;

const sms = (count) => `${count} SMS`;

export function basicPhone(phone) {
  const root = byId("basic").content.firstElementChild.cloneNode(true);
  const screen = root.querySelector(".lcd-text");
  const box = root.querySelector("textarea");
  const form = root.querySelector("form");
  const counter = root.querySelector("output");
  const send = (said) => ask("messages", { number: phone.number, channel: "sms", ...said }).catch(complain);
  const write = async (text) => {
    box.value = "";
    measure();
    return send({ text });
  };

  let shown = "";
  function draw() {
    const messages = thread(phone.number, "sms");
    const rows = [];
    let latest = null;
    for (const message of messages) {
      if (lost(message)) rows.push(make("p", { class: "lost" }, `(no llegó: error ${message.error_code})`));
      if (!arrived(message)) continue;
      const mine = message.from_person;
      const mark = mine ? (message.answer === null ? "…" : message.answer === 200 ? "✓" : "!") : sms(message.segments);
      latest = make("h3", { class: mine ? "mine" : "" }, make("span", {}, `${mine ? "Yo" : "Ayllu"} ${hour(message.at)}`), make("span", {}, mark));
      rows.push(latest, make("p", mine ? { title: "Ver qué pasó con este mensaje", onclick: () => tellStory(message.sid) } : {}, message.text));
    }
    if (!rows.length) rows.push(make("p", {}, "No hay mensajes.\n\nEscriba abajo y\nenvíe. No necesita\ninternet ni saldo\nde datos."));
    const before = screen.scrollTop;
    const showing = `${phone.number} ${messages.filter(arrived).at(-1)?.sid}`;
    screen.replaceChildren(...rows);
    // A new message is shown from its first line, as on such a phone; the keys scroll through the rest.
    screen.scrollTop = showing !== shown && latest ? latest.offsetTop - screen.offsetTop : before;
    shown = showing;
    screen.setAttribute("aria-label", "Mensajes SMS");
    box.setAttribute("aria-label", "Mensaje SMS");
    const off = isOff(phone.number);
    root.querySelector(".lcd-title").textContent = off ? "Sin señal" : isWaited(messages) ? "Ayllu ✉…" : "Ayllu";
    root.querySelector(".signal").textContent = off ? "✕" : "▂▄▆";
    const last = messages.findLast((message) => !message.from_person && message.price !== null);
    root.querySelector(".caption").replaceChildren(
      ...(last ? ["Última: ", make("b", {}, `${[...last.text].length} letras, ${sms(last.segments)}`), ` · ${dollars(last.price)}`, last.encoding === "GSM-7" ? "" : " · con tildes o emoji: caben 70"] : []),
    );
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
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (box.value.trim()) write(box.value.trim());
  });
  for (const key of root.querySelectorAll("[data-scroll]")) {
    key.addEventListener("click", () => { screen.scrollTop += Number(key.dataset.scroll) * LINE * 3; });
  }

  // Twelve keys: pressing one again soon changes the letter just written.
  let tapped = null;
  let capitals = false;
  root.querySelector(".erase").addEventListener("click", () => {
    box.value = [...box.value].slice(0, -1).join("");
    tapped = null;
    measure();
  });
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
  for (const key of root.querySelectorAll("[data-key]")) key.addEventListener("click", () => press(key.dataset.key));

  return { root, box, write, send, draw };
}
