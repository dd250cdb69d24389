// Whose phone is whose: one row of faces above each phone.

import { ask, hurry, make, onChange, spaced, state, thread, toast } from "./net.js";

const HUES = ["#b3134b", "#0b6b57", "#1d4f7a", "#c4512d", "#7a5c1e", "#5b3a8c", "#37701f"];
const FIRST = { whatsapp: 0, sms: 1 };
const chosen = { whatsapp: null, sms: null };
const seen = {};
const listeners = [];

export const owner = (channel) => chosen[channel];
export const onChoice = (listener) => listeners.push(listener);

const remembered = (channel) => localStorage.getItem(`ayllu-${channel}`);

export function choose(channel, number) {
  chosen[channel] = number;
  localStorage.setItem(`ayllu-${channel}`, number);
  draw();
  listeners.forEach((listener) => listener(channel));
  document.querySelector(`.who[data-channel=${channel}] [aria-checked=true]`)?.scrollIntoView({ inline: "center", block: "nearest" });
  if (channel === "whatsapp") hurry();
}

const initials = (name) => name.replace(/^(sra?|don|doña|señora?)\.?\s+/i, "").split(/\s+/).map((word) => word[0]).slice(0, 2).join("").toUpperCase();

function face(someone, place, channel) {
  const mine = chosen[channel] === someone.number;
  const last = thread(someone.number, channel).filter((message) => !message.from_person && ["delivered", "read"].includes(message.status)).at(-1);
  if (mine && last) seen[channel + someone.number] = last.sid;
  const news = !mine && last && last.status !== "read" && seen[channel + someone.number] !== last.sid;
  return make("button", {
    type: "button", class: "person", role: "radio", "aria-checked": mine, style: `--hue:${HUES[place % HUES.length]}`,
    "aria-label": `${someone.name}, ${someone.number}${news ? ", mensaje nuevo" : ""}`, title: `${someone.name} · ${someone.number}`,
    onclick: () => choose(channel, someone.number),
  }, make("i", { class: news ? "news" : "", "aria-hidden": "true" }, initials(someone.name)),
  make("span", {}, someone.name, make("small", {}, spaced(someone.number))));
}

const SHOWN = 40; // the latest; a load test may make thousands

function draw() {
  for (const row of document.querySelectorAll(".who")) {
    const channel = row.dataset.channel;
    const fitting = state.people.filter((someone) => channel === "whatsapp" || someone.number.startsWith("+"));
    if (!chosen[channel] && fitting.length) {
      chosen[channel] = (fitting.find((someone) => someone.number === remembered(channel)) || fitting[FIRST[channel]] || fitting[0]).number;
      listeners.forEach((listener) => listener(channel));
    }
    const visible = fitting
      .map((someone, place) => ({ someone, place }))
      .filter(({ someone, place }) => place >= fitting.length - SHOWN || someone.number === chosen[channel]);
    row.querySelector(".people").replaceChildren(
      ...visible.map(({ someone, place }) => face(someone, place, channel)),
      make("button", { type: "button", class: "person add", "aria-label": "Nueva persona", title: "Nueva persona", onclick: () => invite(channel) }, make("i", { "aria-hidden": "true" }, "+")),
    );
  }
}

let inviting = "whatsapp";
function invite(channel) {
  inviting = channel;
  document.getElementById("newcomer-form").reset();
  document.getElementById("newcomer-error").textContent = "";
  document.getElementById("newcomer").showModal();
}

document.getElementById("newcomer-form").addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    const name = document.getElementById("newcomer-name").value;
    const number = document.getElementById("newcomer-number").value;
    const someone = await ask("people", { name, number });
    document.getElementById("newcomer").close();
    state.people.push(someone);
    choose(inviting, someone.number);
    toast(`${someone.name} ya tiene teléfono: ${someone.number}`);
  } catch (error) {
    document.getElementById("newcomer-error").textContent = error.message;
  }
});

onChange(draw);
