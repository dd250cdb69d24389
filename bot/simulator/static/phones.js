// The phones on the shelf: which there are, whose each one is, and which is in front on a small screen.

import { all, arrived, ask, byId, called, complain, hurry, isOff, make, onChange, person, spaced, state, tell, thread, toast } from "./net.js";
import { basicPhone } from "./basic.js";
import { smartPhone } from "./whatsapp.js";

const MAKERS = { whatsapp: smartPhone, sms: basicPhone };
const KINDS = { whatsapp: "WhatsApp", sms: "SMS" };
const FIRST = [{ kind: "whatsapp", number: null }, { kind: "sms", number: null }];
const NEWCOMER = "+";
const MOST = 6;

const shelf = byId("shelf");
const more = byId("more");
export const phones = [];
let front = null; // on a small screen: a phone, or the name of a panel

const kept = () => {
  try { return JSON.parse(localStorage.getItem("ayllu-phones")) || FIRST; } catch { return FIRST; }
};
const keep = () => localStorage.setItem("ayllu-phones", JSON.stringify(phones.map(({ kind, number }) => ({ kind, number }))));

export const looking = () => phones.filter((phone) => phone.kind === "whatsapp" && phone.number && !isOff(phone.number)).map((phone) => phone.number);
export const find = (kind, number) => phones.find((phone) => phone.kind === kind && phone.number === number);

const fits = (kind) => (someone) => kind === "whatsapp" || someone.number.startsWith("+");
const isFree = (kind) => (someone) => fits(kind)(someone) && !phones.some((phone) => phone.number === someone.number);

export function add(kind, number = null) {
  const phone = { kind, number, seen: new Set() };
  Object.assign(phone, MAKERS[kind](phone));
  const who = byId("who").content.firstElementChild.cloneNode(true);
  phone.root.prepend(who);
  phone.who = who;
  who.querySelector(".owner").addEventListener("change", (event) => (event.target.value === NEWCOMER ? invite(phone) : give(phone, event.target.value)));
  who.querySelector(".power").addEventListener("click", () => power(phone));
  who.querySelector(".shut").addEventListener("click", () => remove(phone));
  phones.push(phone);
  shelf.append(phone.root);
  settle();
  tell();
  hurry();
  return phone;
}

function remove(phone) {
  phones.splice(phones.indexOf(phone), 1);
  phone.root.remove();
  if (front === phone) bringForward(phones[0]);
  settle();
  tell();
  hurry();
}

export function give(phone, number) {
  phone.number = number;
  settle();
  tell();
  hurry();
}

// The phone of somebody, opened if it is not: beside the others while there is room, else in place of one nobody uses.
export function open(kind, number) {
  let phone = find(kind, number);
  if (!phone) {
    const idle = phones.findLast((one) => one.kind === kind && !thread(one.number, kind).length);
    phone = idle || (phones.length >= MOST ? phones.findLast((one) => one.kind === kind) : null);
    if (phone) give(phone, number);
    else phone = add(kind, number);
  }
  bringForward(phone);
  return phone;
}

export function bringForward(what) {
  front = what;
  byId("views").dataset.front = "";
  document.querySelector("main").dataset.view = typeof what === "string" ? what : "phone";
  for (const phone of phones) phone.root.classList.toggle("front", phone === what);
  if (what && typeof what !== "string" && shelf.scrollWidth > shelf.clientWidth) shelf.scrollTo({ left: what.root.offsetLeft - shelf.offsetLeft - 40, behavior: "smooth" });
  tabs();
}

function settle() {
  for (const phone of phones) phone.number ||= state.people.find(isFree(phone.kind))?.number ?? null;
  keep();
}

function power(phone) {
  const { number } = phone;
  ask(`faults/${encodeURIComponent(number)}`, { ...state.faults[number], off: !isOff(number) }, "PUT").catch(complain);
}

// Who has it

const initials = (name) => name.replace(/^(sra?|don|doña|señora?)\.?\s+/i, "").replace(/[^\p{L}\s]/gu, "").split(/\s+/).map((word) => word[0] || "").slice(0, 2).join("").toUpperCase();
const hue = (number) => [...String(number)].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % 7;
const SHOWN = 40; // the latest; a load test may make thousands

const seen = new Map(); // of a phone that is not on the shelf: its latest message when it last was
const lastTo = (number, kind) => thread(number, kind).findLast((message) => !message.from_person && arrived(message));
const hasNews = (number, kind) => {
  const last = lastTo(number, kind);
  return Boolean(last) && !find(kind, number) && seen.get(kind + number) !== last.sid;
};

function drawOwner(phone) {
  const { who, kind, number } = phone;
  const someone = person(number);
  const off = isOff(number);
  const name = someone?.name || (number ? spaced(number) : "");
  phone.root.querySelector("h2").textContent = `${kind === "sms" ? "Celular básico" : "WhatsApp"} de ${name}`;
  phone.root.classList.toggle("off", off);
  who.querySelector(".face").textContent = initials(name);
  who.querySelector(".face").className = `face hue-${hue(number)}`;
  const select = who.querySelector(".owner");
  select.setAttribute("aria-label", `De quién es este ${kind === "sms" ? "celular básico" : "WhatsApp"}`);
  if (document.activeElement !== select) {
    const fitting = state.people.filter(fits(kind));
    const namesakes = new Set(fitting.map((one) => one.name).filter((one, place, names) => names.indexOf(one) !== place));
    const options = fitting
      .filter((one, place) => place >= fitting.length - SHOWN || one.number === number)
      .map((one) => make("option", { value: one.number }, `${hasNews(one.number, kind) ? "● " : ""}${one.name}${namesakes.has(one.name) ? ` · …${one.number.slice(-3)}` : ""}`));
    if (number && !someone) options.unshift(make("option", { value: number }, spaced(number)));
    select.replaceChildren(...options, make("option", { value: NEWCOMER }, "+ Nueva persona…"));
    select.value = number;
  }
  const news = state.people.filter((one) => fits(kind)(one) && hasNews(one.number, kind)).length;
  who.querySelector(".news").hidden = !news || phones.find((one) => one.kind === kind) !== phone;
  who.querySelector(".news").textContent = news;
  who.querySelector(".news").title = `${news} con mensajes nuevos`;
  const button = who.querySelector(".power");
  button.setAttribute("aria-pressed", off);
  button.setAttribute("aria-label", `Sin señal: ${name}`);
  const shut = who.querySelector(".shut");
  shut.setAttribute("aria-label", `Guardar el teléfono de ${name}`);
  shut.hidden = phones.length < 2;
}

// Small screens show one thing at a time

function tabs() {
  const tab = (words, what) => make("button", { type: "button", "aria-current": front === what ? "true" : null, onclick: () => bringForward(what) }, words);
  const short = (phone) => called(phone.number).replace(/^(sra?|don|doña)\.?\s+/i, "").split(/\s+/)[0];
  byId("views").replaceChildren(
    ...phones.map((phone) => tab(`${KINDS[phone.kind]} · ${short(phone)}`, phone)),
    tab("Ejemplos", "examples"),
    tab("Qué pasó", "story"),
  );
}

// Somebody whose phone nobody looks at got a message

let noticed = null;
const noticeable = new Set();
function notice() {
  for (const sid of state.fresh) {
    const message = state.messages.get(sid);
    if (!message.from_person && !find(message.channel, message.number)) noticeable.add(sid);
  }
  const latest = all().findLast((message) => noticeable.has(message.sid) && !find(message.channel, message.number));
  for (const sid of noticeable) if (find(state.messages.get(sid)?.channel, state.messages.get(sid)?.number)) noticeable.delete(sid);
  noticed = latest || null;
  byId("notice").hidden = !latest;
  if (latest) byId("notice-says").textContent = `Le llegó un ${KINDS[latest.channel]} a ${called(latest.number)}`;
}
byId("notice-open").addEventListener("click", () => noticed && open(noticed.channel, noticed.number));
byId("notice-close").addEventListener("click", () => { noticeable.clear(); notice(); });

// New people

let inviting = null;
function invite(phone) {
  inviting = phone;
  byId("newcomer-form").reset();
  byId("newcomer-error").textContent = "";
  byId("newcomer").showModal();
}
byId("newcomer").addEventListener("close", tell);
byId("newcomer-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const someone = await ask("people", { name: byId("newcomer-name").value, number: byId("newcomer-number").value });
    byId("newcomer").close();
    if (!person(someone.number)) state.people.push(someone);
    give(inviting, someone.number);
    toast(`${someone.name} ya tiene teléfono: ${spaced(someone.number)}`);
  } catch (error) {
    byId("newcomer-error").textContent = error.message;
  }
});

for (const button of more.querySelectorAll("[data-add]")) {
  button.addEventListener("click", () => bringForward(add(button.dataset.add)));
}

onChange(() => {
  settle();
  for (const phone of phones) {
    const last = lastTo(phone.number, phone.kind);
    if (last) seen.set(phone.kind + phone.number, last.sid);
  }
  for (const phone of phones) {
    drawOwner(phone);
    if (phone.number) phone.draw();
  }
  more.hidden = phones.length >= MOST;
  tabs();
  notice();
});

export function setOut() {
  for (const message of all()) if (!message.from_person) seen.set(message.channel + message.number, message.sid);
  for (const { kind, number } of kept()) if (MAKERS[kind] && phones.length < MOST) add(kind, number);
  if (!phones.length) FIRST.forEach(({ kind }) => add(kind));
  bringForward(phones[0]);
}
