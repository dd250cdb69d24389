// What the page knows of the carrier, and how it asks. Addresses are relative, so that a proxy may stand before them.

export const state = { revision: -1, messages: new Map(), people: [], faults: {}, totals: {}, fresh: new Set() };

const listeners = [];
export const onChange = (listener) => listeners.push(listener);
const tell = () => listeners.forEach((listener) => listener());

export async function ask(path, body, method = "POST") {
  const options = body === undefined ? {} : { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await fetch(`api/${path}`, options);
  const told = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(told.error || `El simulador respondió ${answer.status}`);
  return told;
}

export function thread(number, channel) {
  return [...state.messages.values()]
    .filter((message) => message.number === number && message.channel === channel)
    .sort((a, b) => (a.at < b.at ? -1 : 1));
}

export const person = (number) => state.people.find((someone) => someone.number === number);

function take(news) {
  const first = state.revision < 0;
  if (news.revision < state.revision) state.messages.clear();
  state.revision = news.revision;
  state.fresh.clear();
  for (const message of news.messages) {
    const before = state.messages.get(message.sid);
    const arrives = arrived(message) && !(before && arrived(before));
    if (!first && arrives) state.fresh.add(message.sid);
    state.messages.set(message.sid, message);
  }
  Object.assign(state, { people: news.people, faults: news.faults, totals: news.totals });
  tell();
}

// On a phone is what its owner sent, and what was delivered to it.
export const arrived = (message) => message.from_person || message.status === "delivered" || message.status === "read";
export const lost = (message) => message.status === "failed" || message.status === "undelivered";

let waiting = null;
export const hurry = () => waiting?.abort(); // whose phone is looked at has changed

export async function follow(looking) {
  for (let pause = 500; ; ) {
    waiting = new AbortController();
    const open = document.hidden ? "" : `&looking=${encodeURIComponent(looking() || "")}`;
    try {
      const answer = await fetch(`api/news?after=${state.revision}&wait=${state.revision < 0 ? 0 : 20}${open}`, { signal: waiting.signal });
      if (!answer.ok) throw new Error(answer.status);
      take(await answer.json());
      document.body.classList.remove("away");
      pause = 500;
      await new Promise((go) => setTimeout(go, 60));
    } catch (error) {
      if (error.name === "AbortError") continue;
      document.body.classList.add("away");
      await new Promise((go) => setTimeout(go, pause));
      pause = Math.min(pause * 2, 8000);
    }
  }
}

export const spaced = (number) => number.replace(/^\+51(\d{3})(\d{3})(\d{3})$/, "+51 $1 $2 $3");
export const hour = (at) => new Date(at).toLocaleTimeString("es-PE", { hour: "2-digit", minute: "2-digit", hour12: false });
export const dollars = (amount, digits = 3) => `US$ ${Number(amount).toFixed(digits)}`;

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined) element.setAttribute(name, value);
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
  const place = document.getElementById("toast");
  place.textContent = words;
  place.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => { place.hidden = true; }, 5000);
}
