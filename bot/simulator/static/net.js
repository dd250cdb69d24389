// What the page knows of the carrier, and how it asks. Addresses are relative, so that a proxy may stand before them.

export const state = { revision: -1, messages: new Map(), people: [], faults: {}, totals: {}, fresh: new Set(), clock: {} };

const listeners = [];
export const onChange = (listener) => listeners.push(listener);
export const tell = () => listeners.forEach((listener) => listener());

export async function ask(path, body, method = "POST") {
  const options = body === undefined ? {} : { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`api/${path}`, options);
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told?.error || `El simulador respondió ${answer.status}`);
  return told;
}

const byTime = (a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0);
export const thread = (number, channel) => all().filter((message) => message.number === number && message.channel === channel);
export const all = () => [...state.messages.values()].sort(byTime);
export const person = (number) => state.people.find((someone) => someone.number === number);
export const called = (number, name) => person(number)?.name || name || spaced(number || "");
export const isOff = (number) => Boolean((state.faults[number] || state.faults["*"])?.off);

// The carrier's time, which may be ahead.
let ahead = 0;
export const now = () => Date.now() + ahead;

function take(news) {
  const first = state.revision < 0;
  if (news.revision < state.revision) state.messages.clear();
  ahead = Date.parse(news.now) - Date.now();
  state.revision = news.revision;
  state.fresh.clear();
  for (const message of news.messages) {
    const before = state.messages.get(message.sid);
    const arrives = arrived(message) && !(before && arrived(before));
    if (!first && arrives) state.fresh.add(message.sid);
    state.messages.set(message.sid, message);
  }
  Object.assign(state, { people: news.people, faults: news.faults, totals: news.totals, clock: news.clock });
  tell();
}

// On a phone is what its owner sent, and what was delivered to it.
export const arrived = (message) => message.from_person || message.status === "delivered" || message.status === "read";
export const lost = (message) => message.status === "failed" || message.status === "undelivered";
const WAITS_S = 25;
export const isWaited = (messages) => {
  const last = messages.at(-1);
  if (!last || lost(last) || isOff(last.number)) return false;
  const open = last.from_person ? last.answer === null || last.answer === 200 : !arrived(last);
  return open && now() - Date.parse(last.at) < WAITS_S * 1000;
};

let waiting = null;
export const hurry = () => waiting?.abort(); // whose phone is looked at has changed

export async function follow(looking) {
  for (let pause = 500; ; ) {
    waiting = new AbortController();
    const seen = document.hidden ? [] : looking().map((number) => `&looking=${encodeURIComponent(number)}`);
    try {
      const answer = await fetch(`api/news?after=${state.revision}&wait=${state.revision < 0 ? 0 : 20}${seen.join("")}`, { signal: waiting.signal });
      if (!answer.ok) throw new Error(answer.status);
      take(await answer.json());
      document.body.classList.remove("away");
      pause = 500;
      await rest(60);
    } catch (error) {
      if (error.name === "AbortError") continue;
      document.body.classList.add("away");
      tell();
      await rest(pause);
      pause = Math.min(pause * 2, 8000);
    }
  }
}

export const rest = (ms) => new Promise((go) => setTimeout(go, ms));
export const byId = (id) => document.getElementById(id);
export const spaced = (number) => number.replace(/^\+51(\d{3})(\d{3})(\d{3})$/, "+51 $1 $2 $3");
// In Peru, wherever the browser is.
const inLima = (options) => new Intl.DateTimeFormat("es-PE", { timeZone: "America/Lima", ...options });
const HOUR = inLima({ hour: "2-digit", minute: "2-digit", hour12: false });
const DAY = inLima({ weekday: "long", day: "numeric", month: "long" });
const SHORT = inLima({ weekday: "short", day: "numeric", month: "short" });
export const hour = (at) => HOUR.format(new Date(at));
export const day = (at) => DAY.format(new Date(at));
export const shortDay = (at) => SHORT.format(new Date(at)).replace(",", "");
export const moment = (at) => (day(at) === day(now()) ? hour(at) : `${shortDay(at)} ${hour(at)}`);
export const dollars = (amount, digits = 3) => `US$ ${Number(amount).toFixed(digits)}`;
export const many = (number, one, more) => `${number} ${number === 1 ? one : more}`;

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

export function drawing(markup) {
  const holder = document.createElement("template");
  holder.innerHTML = markup;
  return holder.content.firstElementChild;
}

let hiding;
export function toast(words) {
  const place = byId("toast");
  place.textContent = words;
  place.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { place.hidden = true; }, 5000);
}
export const complain = (error) => toast(error.message);
