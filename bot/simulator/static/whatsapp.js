// The smartphone: bubbles, ticks, buttons, pins, pictures.

import { arrived, ask, dollars, drawing, hour, lost, make, onChange, state, thread, toast } from "./net.js";
import { onChoice, owner } from "./people.js";

const chat = document.getElementById("chat");
const box = document.getElementById("whatsapp-text");
const WAITS_S = 25;

const send = (said) => ask("messages", { number: owner("whatsapp"), channel: "whatsapp", ...said }).catch((error) => toast(error.message));

export async function writeWhatsApp(text) {
  box.value = "";
  grow();
  await send({ text });
}

function rich(text) {
  const holder = make("p");
  holder.textContent = text;
  holder.innerHTML = holder.innerHTML
    .replace(/(https?:\/\/[^\s<]+[^\s<.,;:!?)])/g, '<a href="$1" target="_blank" rel="noopener noreferrer">$1</a>')
    .replace(/(^|[\s(¿¡])\*([^*\n]+)\*/g, "$1<b>$2</b>")
    .replace(/(^|[\s(¿¡])_([^_\n]+)_/g, "$1<i>$2</i>")
    .replace(/(^|[\s(¿¡])~([^~\n]+)~/g, "$1<s>$2</s>");
  return holder;
}

function ticks(message, answered) {
  if (message.answer === null) return drawing('<svg class="ticks" viewBox="0 0 16 11" role="img" aria-label="enviando"><path d="M2 6l3 3 7-8"/></svg>');
  if (message.answer !== 200) return drawing(`<svg class="ticks bad" viewBox="0 0 16 11" role="img" aria-label="el servicio no lo recibió"><title>El servicio no lo recibió (${Number(message.answer) || "sin respuesta"})</title><path d="M8 1v5M8 9v.5"/></svg>`);
  return drawing(`<svg class="ticks ${answered ? "read" : ""}" viewBox="0 0 16 11" role="img" aria-label="${answered ? "leído" : "entregado"}"><path d="M1 6l3 3 6-8M7 8l1 1 6-8"/></svg>`);
}

function map(pin) {
  const turn = Math.round((pin.latitude * 997 + pin.longitude * 787) % 24) - 12;
  return drawing(`<svg class="map" viewBox="0 0 230 110" role="img" aria-label="Mapa"><rect width="230" height="110" fill="#e8efe0"/>
    <g transform="rotate(${turn} 115 55)" stroke="#fff" fill="none"><path stroke-width="9" d="M-30 30h300M-30 86h300M60-40v220M170-40v220"/><path stroke-width="4" d="M-30 4h300M-30 58h300M15-40v220M112-40v220M214-40v220"/></g>
    <path d="M0 96c60-20 90 10 140-6s70-4 90-10v30H0z" fill="#cfe3ee"/><path d="M178 14h34v24h-34z" fill="#cfe6bd" transform="rotate(${turn} 195 26)"/>
    <path d="M115 66s-15-13.5-15-24a15 15 0 0 1 30 0c0 10.5-15 24-15 24z" fill="#c4512d"/><circle cx="115" cy="42" r="5.5" fill="#fff"/></svg>`);
}

function bubble(message, answered) {
  const parts = [];
  if (message.pin) parts.push(map(message.pin), make("p", {}, make("b", {}, message.pin.label || "Ubicación"), message.pin.address ? ` · ${message.pin.address}` : ""));
  for (const address of message.pictures) parts.push(make("img", { class: "photo", src: address, alt: "Foto enviada" }));
  if (message.text) parts.push(rich(message.text));
  const foot = make("footer", {}, hour(message.at));
  if (message.from_person) foot.append(ticks(message, answered));
  return make("article", { class: `bubble ${message.from_person ? "mine" : "theirs"} ${state.fresh.has(message.sid) ? "fresh" : ""}`, "aria-label": message.from_person ? "Usted" : "Ayllu" }, ...parts, foot);
}

function taps(message, live) {
  return make("div", { class: "tap" }, ...message.buttons.map((button) => make("button", { type: "button", ...(live ? {} : { disabled: "" }), onclick: () => send({ button }) }, button.title)));
}

export const isWaited = (messages) => {
  const last = messages.at(-1);
  return Boolean(last) && !lost(last) && (last.from_person ? last.answer === null || last.answer === 200 : !arrived(last)) && Date.now() - Date.parse(last.at) < WAITS_S * 1000;
};

function draw() {
  const number = owner("whatsapp");
  if (!number) return;
  const messages = thread(number, "whatsapp");
  const below = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 60;
  const rows = [];
  const lastAnswer = messages.findLast((message) => !message.from_person && arrived(message));
  const lastSaid = messages.findLast((message) => message.from_person);
  let day = "";
  for (const message of messages) {
    const its = new Date(message.at).toLocaleDateString("es-PE", { weekday: "long", day: "numeric", month: "long" });
    if (its !== day && (arrived(message) || lost(message))) rows.push(make("div", { class: "day" }, (day = its)));
    if (lost(message)) rows.push(make("div", { class: "note" }, `Una respuesta no llegó a este WhatsApp (error ${message.error_code})`));
    if (!arrived(message)) continue;
    rows.push(bubble(message, lastAnswer && lastAnswer.at > message.at));
    if (message.buttons.length) rows.push(taps(message, !lastSaid || lastSaid.at < message.at));
  }
  const typing = isWaited(messages);
  if (typing) rows.push(make("div", { class: "typing", role: "img", "aria-label": "Ayllu está escribiendo" }, make("i"), make("i"), make("i")));
  if (!rows.length) rows.push(make("div", { class: "empty" }, "Escríbale a Ayllu como le escribiría a una vecina. Con faltas también entiende."));
  chat.replaceChildren(...rows);
  if (below || state.fresh.size || typing) chat.scrollTop = chat.scrollHeight;
  document.getElementById("presence").textContent = document.body.classList.contains("away") ? "sin conexión" : typing ? "escribiendo…" : "en línea";
  caption(messages);
}

function caption(messages) {
  const paid = messages.filter((message) => !message.from_person && message.price !== null);
  const cost = paid.reduce((sum, message) => sum + Number(message.price), 0);
  const place = document.getElementById("whatsapp-caption");
  place.replaceChildren();
  if (paid.length) place.append(make("b", {}, `${paid.length} ${paid.length === 1 ? "respuesta" : "respuestas"}`), ` · ${dollars(cost)} en esta conversación`);
}

function grow() {
  box.style.height = "auto";
  box.style.height = `${Math.min(box.scrollHeight, 110)}px`;
}

box.addEventListener("input", grow);
box.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    document.getElementById("composer").requestSubmit();
  }
});
document.getElementById("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (box.value.trim()) writeWhatsApp(box.value.trim());
});

// Places

const places = document.getElementById("places");
const near = (degrees) => degrees + (document.getElementById("nearby").checked ? (Math.random() - 0.5) * 0.005 : 0);
document.getElementById("share-place").addEventListener("click", () => places.showModal());
for (const button of places.querySelectorAll(".place")) {
  button.addEventListener("click", () => {
    const { latitude, longitude, label, address } = button.dataset;
    places.close();
    send({ pin: { latitude: near(Number(latitude)), longitude: near(Number(longitude)), label: document.getElementById("nearby").checked ? "" : label, address: document.getElementById("nearby").checked ? "" : address } });
  });
}
document.getElementById("own-place").addEventListener("submit", (event) => {
  event.preventDefault();
  const [latitude, longitude] = document.getElementById("own-point").value.split(/[,;\s]+/).map(Number);
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return toast("Escriba dos números, como -12.046, -77.043");
  places.close();
  send({ pin: { latitude, longitude } });
});

// Pictures: made small before they are sent, as a phone does.

const LARGEST = 1280;
const photo = document.getElementById("photo");
document.getElementById("share-photo").addEventListener("click", () => photo.click());
photo.addEventListener("change", async () => {
  const [file] = photo.files;
  photo.value = "";
  if (!file) return;
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, LARGEST / Math.max(image.width, image.height));
    const canvas = make("canvas", { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    send({ picture: canvas.toDataURL("image/jpeg", 0.85) });
  } catch {
    toast("No se pudo leer esa foto");
  }
});

onChange(draw);
onChoice(draw);
setInterval(() => chat.querySelector(".typing") && draw(), 2000);
