// Conversations that play by themselves: those that came with the page, and those that somebody shared by a link.

import { all, arrived, ask, byId, called, complain, isWaited, make, now, rest, state, thread, toast } from "./net.js";
import { bringForward, find, open, phones } from "./phones.js";
import { travelTo, travelToNext, untilThere } from "./time.js";

const LETTER_MS = 14;
const THINK_MS = 500;
const READ_MS = 1400;
const ANSWER_MS = 20000;
const MOST_LINES = 60;
const MOST_STEPS = 8;
const LONGEST = 1600;
const PAUSE_S = 30 * 60; // a silence so long between two messages is told as time that passes
const ASKED = "*"; // who in a conversation is whoever was just asked
const CHANNELS = { w: "whatsapp", s: "sms" };
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

// One letter after another, as a hand types

export async function type(phone, text) {
  for (let end = 1; end <= text.length && !still; end += 1) {
    phone.box.value = text.slice(0, end);
    if (end % 4 === 0) phone.box.dispatchEvent(new Event("input"));
    phone.box.scrollTop = phone.box.scrollHeight;
    await rest(LETTER_MS);
  }
  await rest(still ? 0 : THINK_MS);
  return phone.write(text);
}

// Playing

let playing = null;
const says = (words) => { byId("player-says").textContent = words; };

export async function play({ title, lines }) {
  if (playing) playing.stopped = true;
  const mine = (playing = { stopped: false });
  byId("player").hidden = false;
  byId("player-stop").textContent = "Detener";
  const cast = new Map();
  const begun = new Date(now()).toISOString();
  try {
    for (const [place, line] of lines.entries()) {
      says(`${title} · ${place + 1} de ${lines.length}`);
      if (line.later) await pass(line.later, mine);
      else await say(line, cast, begun, mine);
      if (mine.stopped) return;
      await rest(READ_MS);
    }
    says(`${title} · fin. Siga usted.`);
    byId("player-stop").textContent = "Cerrar";
    await rest(8000);
  } catch (error) {
    complain(error);
  } finally {
    if (playing === mine) {
      byId("player").hidden = true;
      playing = null;
    }
  }
}

// "next": until somebody gets a message, whose phone is then opened.
async function pass(later, mine) {
  says("Pasa el tiempo…");
  if (later !== "next") return travelTo(now() + later * 1000);
  const before = new Set(all().map((message) => message.sid));
  for (let steps = 0; steps < MOST_STEPS && !mine.stopped; steps += 1) {
    if (!(await travelToNext())) return toast("No había nada pendiente");
    await rest(300);
    const news = all().findLast((message) => !message.from_person && arrived(message) && !before.has(message.sid));
    if (news) return void open(news.channel, news.number);
  }
}

async function say(line, cast, begun, mine) {
  const number = line.who === ASKED ? await whoWasAsked(cast, begun, mine) : await whoIs(line.who, cast);
  if (mine.stopped) return;
  const phone = open(line.channel, number);
  await untilQuiet(phone, mine);
  if (mine.stopped) return;
  const sent = await type(phone, line.text);
  if (sent?.sid) await untilAnswered(phone, sent.sid, mine);
}

async function whoIs(name, cast) {
  if (!cast.has(name)) {
    const someone = await ask("people", { name });
    state.people.push(someone);
    cast.set(name, someone.number);
  }
  return cast.get(name);
}

// Whoever got the latest message and is none of the cast. At night nobody is asked: then time passes until they are.
async function whoWasAsked(cast, begun, mine) {
  const ours = new Set(cast.values());
  for (const night of [false, true]) {
    if (night && state.clock.movable) await pass("next", mine);
    for (let waited = 0; waited < (night ? ANSWER_MS : 6000) && !mine.stopped; waited += 200) {
      const last = all().findLast((message) => !message.from_person && arrived(message) && !ours.has(message.number) && message.at >= begun);
      if (last) return last.number;
      await rest(200);
    }
  }
  if (mine.stopped) return null;
  throw new Error("A nadie más le llegó un mensaje: la conversación se queda aquí.");
}

async function untilQuiet(phone, mine) {
  await untilThere();
  for (let waited = 0; waited < ANSWER_MS && !mine.stopped && isWaited(thread(phone.number, phone.kind)); waited += 200) await rest(200);
}

async function untilAnswered(phone, sid, mine) {
  for (let waited = 0; waited < ANSWER_MS && !mine.stopped; waited += 200) {
    const messages = thread(phone.number, phone.kind);
    const mineAt = messages.findIndex((message) => message.sid === sid);
    if (mineAt >= 0 && mineAt < messages.length - 1 && !isWaited(messages)) return;
    await rest(200);
  }
}

byId("player-stop").addEventListener("click", () => {
  if (playing) playing.stopped = true;
  playing = null;
  byId("player").hidden = true;
});

// Links

const address = (fragment) => `${location.origin}${location.pathname}${location.search}#${fragment}`;
const pack = (value) => btoa(String.fromCharCode(...new TextEncoder().encode(JSON.stringify(value)))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const unpack = (text) => JSON.parse(new TextDecoder().decode(Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0))));

// In a link a line is [who, w or s, words], or a number of seconds.
const short = (line) => (line.later ? line.later : [line.who, line.channel[0], line.text]);
function long(line) {
  if (line === "next" || (Number.isInteger(line) && line > 0 && line < 400 * 86400)) return { later: line };
  if (!Array.isArray(line)) throw new Error("no es una conversación");
  const [who, channel, text] = line;
  if (typeof who !== "string" || !who || who.length > 40 || !CHANNELS[channel] || typeof text !== "string" || !text.trim() || text.length > LONGEST) throw new Error("no es una conversación");
  return { who, channel: CHANNELS[channel], text };
}

// What was said on the phones of the shelf, as a conversation. Whoever was written to before they wrote is whoever was asked.
function said() {
  const shelf = all().filter((message) => find(message.channel, message.number) && (message.text || "").trim());
  const names = new Map();
  const lines = [];
  let last = null;
  const wroteFirst = (number) => shelf.find((message) => message.number === number)?.from_person;
  for (const message of shelf.filter((one) => one.from_person).slice(-MOST_LINES)) {
    const silence = last ? Math.round((Date.parse(message.at) - Date.parse(last.at)) / 1000) : 0;
    if (silence > PAUSE_S) lines.push({ later: silence });
    if (!names.has(message.number)) names.set(message.number, wroteFirst(message.number) ? called(message.number).slice(0, 40) : ASKED);
    lines.push({ who: names.get(message.number), channel: message.channel, text: message.text.slice(0, LONGEST) });
    last = message;
  }
  return lines;
}

function share(link, words) {
  byId("sharing-link").value = link;
  byId("sharing-says").textContent = words;
  byId("sharing").showModal();
  byId("sharing-link").select();
}
byId("sharing-copy").addEventListener("click", async () => {
  byId("sharing-link").select();
  await navigator.clipboard?.writeText(byId("sharing-link").value).then(() => toast("Copiado"), () => toast("Cópielo con Ctrl+C"));
});
byId("share").addEventListener("click", () => {
  const lines = said();
  if (!lines.length) return toast("Todavía no hay nada que compartir: escriba primero.");
  share(address(`c=${pack({ t: `Conversación de ${called(phones[0].number)}`, l: lines.map(short) })}`), `Quien lo abra en su Ayllu de prueba verá escribirse ${lines.length === 1 ? "este mensaje" : `estos ${lines.length} pasos`}. Lo que se escribió va dentro del enlace, y en ninguna otra parte.`);
});

let known = [];
export async function showConversations() {
  known = await ask("conversations").catch(() => []);
  byId("conversations").replaceChildren(
    ...known.map((one) => make("li", { class: "conversation" },
      make("button", { type: "button", class: "example play", onclick: () => play(one) }, make("strong", {}, one.title), make("span", {}, one.about)),
      make("button", { type: "button", class: "tool", "aria-label": `Compartir «${one.title}»`, title: "Compartir", onclick: () => share(address(`ver=${one.key}`), "Quien lo abra en su Ayllu de prueba la verá.") }, "↗"))),
  );
  followLink();
}

function followLink() {
  const [, kind, what] = location.hash.match(/^#(ver|c)=(.+)$/) || [];
  if (!kind) return;
  history.replaceState(null, "", location.pathname + location.search);
  if (kind === "ver") {
    const one = known.find((conversation) => conversation.key === what);
    return one ? play(one) : toast("Esa conversación no está aquí.");
  }
  try {
    const { t: title, l: lines } = unpack(what);
    if (typeof title !== "string" || !Array.isArray(lines) || !lines.length || lines.length > 2 * MOST_LINES) throw new Error("no es una conversación");
    offer({ title: title.slice(0, 80), lines: lines.map(long) });
  } catch {
    toast("Ese enlace no trae ninguna conversación.");
  }
}
window.addEventListener("hashchange", followLink);

// What a stranger's link would write is shown before it is written.
let offered = null;
function offer(conversation) {
  offered = conversation;
  byId("shared-lines").replaceChildren(...conversation.lines.map((line) => make("li", {}, line.later ? make("i", {}, "pasa el tiempo") : make("span", {}, make("b", {}, `${line.who === ASKED ? "Quien fue preguntada" : line.who}: `), line.text))));
  byId("shared").showModal();
}
byId("shared-play").addEventListener("click", () => {
  byId("shared").close();
  if (offered) play(offered);
});

// An example is typed on the first phone of its kind, then sent.
let typing = false;
for (const example of document.querySelectorAll(".example[data-channel]")) {
  example.addEventListener("click", async () => {
    if (typing) return;
    typing = true;
    const { channel, text } = example.dataset;
    const phone = phones.find((one) => one.kind === channel) || open(channel, null);
    bringForward(phone);
    await type(phone, text);
    typing = false;
  });
}
