// The smartphone: bubbles, ticks, buttons, pins, pictures.

import { arrived, ask, byId, complain, day, dollars, drawing, hour, isOff, isWaited, lost, make, many, state, thread, toast } from "./net.js";
import { tellStory } from "./story.js";

const LARGEST = 1280;

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

const tick = (kind, label, path) => drawing(`<svg class="ticks ${kind}" viewBox="0 0 16 11" role="img" aria-label="${label}"><path d="${path}"/></svg>`);
function ticks(message, answered) {
  if (message.answer === null && isOff(message.number)) return tick("", "espera que haya señal", "M8 1a4.500 4.500 0 1 0 .01 0M8 3v2.800l2 1");
  if (message.answer === null) return tick("", "enviado", "M2 6l3 3 7-8");
  if (message.answer !== 200) return tick("bad", `el servicio no lo recibió: ${Number(message.answer) || "sin respuesta"}`, "M8 1v5M8 9v.5");
  return tick(answered ? "read" : "", answered ? "leído" : "entregado", "M1 6l3 3 6-8M7 8l1 1 6-8");
}

function map(pin) {
  const turn = Math.round((pin.latitude * 997 + pin.longitude * 787) % 24) - 12;
  return drawing(`<svg class="map" viewBox="0 0 230 110" role="img" aria-label="Mapa"><rect width="230" height="110" fill="#e8efe0"/>
    <g transform="rotate(${turn} 115 55)" stroke="#fff" fill="none"><path stroke-width="9" d="M-30 30h300M-30 86h300M60-40v220M170-40v220"/><path stroke-width="4" d="M-30 4h300M-30 58h300M15-40v220M112-40v220M214-40v220"/></g>
    <path d="M0 96c60-20 90 10 140-6s70-4 90-10v30H0z" fill="#cfe3ee"/><path d="M178 14h34v24h-34z" fill="#cfe6bd" transform="rotate(${turn} 195 26)"/>
    <path d="M115 66s-15-13.500-15-24a15 15 0 0 1 30 0c0 10.500-15 24-15 24z" fill="#c4512d"/><circle cx="115" cy="42" r="5.500" fill="#fff"/></svg>`);
}

function bubble(message, answered) {
  const parts = [];
  if (message.pin) parts.push(map(message.pin), make("p", {}, make("b", {}, message.pin.label || "Ubicación"), message.pin.address ? ` · ${message.pin.address}` : ""));
  for (const address of message.pictures) parts.push(make("img", { class: "photo", src: address, alt: "Foto enviada" }));
  if (message.text) parts.push(rich(message.text));
  const foot = make("footer", {}, hour(message.at));
  if (message.from_person) foot.append(ticks(message, answered));
  const mine = message.from_person;
  return make("article", {
    class: `bubble ${mine ? "mine" : "theirs"} ${state.fresh.has(message.sid) ? "fresh" : ""}`, "aria-label": mine ? "Usted" : "Ayllu",
    title: mine ? "Ver qué pasó con este mensaje" : null, onclick: mine ? () => tellStory(message.sid) : () => {},
  }, ...parts, foot);
}

export function smartPhone(phone) {
  const root = byId("smart").content.firstElementChild.cloneNode(true);
  const chat = root.querySelector(".chat");
  const box = root.querySelector("textarea");
  const form = root.querySelector("form");
  const send = (said) => ask("messages", { number: phone.number, channel: "whatsapp", ...said }).catch(complain);
  const grow = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, 110)}px`;
  };
  const write = async (text) => {
    box.value = "";
    grow();
    return send({ text });
  };
  const taps = (message, live) => make("div", { class: "tap" }, ...message.buttons.map((button) => make("button", { type: "button", disabled: !live, onclick: () => send({ button }) }, button.title)));

  let shownOf = null;
  function draw() {
    const messages = thread(phone.number, "whatsapp");
    const below = shownOf !== phone.number || chat.scrollHeight - chat.scrollTop - chat.clientHeight < 60;
    const rows = [];
    const lastAnswer = messages.findLast((message) => !message.from_person && arrived(message));
    const lastSaid = messages.findLast((message) => message.from_person);
    let today = "";
    for (const message of messages) {
      const its = day(message.at);
      if (its !== today && (arrived(message) || lost(message))) rows.push(make("div", { class: "day" }, (today = its)));
      if (lost(message)) rows.push(make("div", { class: "note" }, `Una respuesta no llegó a este WhatsApp (error ${message.error_code})`));
      if (!arrived(message)) continue;
      rows.push(bubble(message, lastAnswer && lastAnswer.at > message.at));
      if (message.buttons.length) rows.push(taps(message, !lastSaid || lastSaid.at < message.at));
    }
    const typing = isWaited(messages);
    if (typing) rows.push(make("div", { class: "typing", role: "img", "aria-label": "Ayllu está escribiendo" }, make("i"), make("i"), make("i")));
    if (!rows.length) rows.push(make("div", { class: "empty" }, "Escríbale a Ayllu como le escribiría a una vecina. Con faltas también entiende."));
    chat.replaceChildren(...rows);
    chat.setAttribute("aria-label", "Conversación por WhatsApp");
    box.setAttribute("aria-label", "Mensaje de WhatsApp");
    const fresh = messages.some((message) => state.fresh.has(message.sid));
    if (below || fresh || typing) chat.scrollTop = chat.scrollHeight;
    shownOf = phone.number;
    root.querySelector(".presence").textContent = isOff(phone.number) || document.body.classList.contains("away") ? "esperando señal…" : typing ? "escribiendo…" : "en línea";
    const paid = messages.filter((message) => !message.from_person && message.price !== null);
    const cost = paid.reduce((sum, message) => sum + Number(message.price), 0);
    root.querySelector(".caption").replaceChildren(...(paid.length ? [make("b", {}, many(paid.length, "respuesta", "respuestas")), ` · ${dollars(cost)} en esta conversación`] : []));
  }

  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    }
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (box.value.trim()) write(box.value.trim());
  });
  root.querySelector(".share-place").addEventListener("click", () => choosePlace(send));
  root.querySelector(".share-photo").addEventListener("click", () => choosePhoto(send));
  setInterval(() => chat.querySelector(".typing") && draw(), 2000);
  return { root, box, write, send, draw };
}

// Places

const places = byId("places");
const near = (degrees) => degrees + (byId("nearby").checked ? (Math.random() - 0.5) * 0.005 : 0);
let sending = () => {};
function choosePlace(send) {
  sending = send;
  places.showModal();
}
for (const button of places.querySelectorAll(".place")) {
  button.addEventListener("click", () => {
    const { latitude, longitude, label, address } = button.dataset;
    const exact = !byId("nearby").checked;
    places.close();
    sending({ pin: { latitude: near(Number(latitude)), longitude: near(Number(longitude)), label: exact ? label : "", address: exact ? address : "" } });
  });
}
byId("own-place").addEventListener("submit", (event) => {
  event.preventDefault();
  const [latitude, longitude] = byId("own-point").value.split(/[,;\s]+/).map(Number);
  if (!Number.isFinite(latitude) || !Number.isFinite(longitude)) return toast("Escriba dos números, como -12.046, -77.043");
  places.close();
  sending({ pin: { latitude, longitude } });
});

// Pictures: made small before they are sent, as a phone does.

const photo = byId("photo");
function choosePhoto(send) {
  sending = send;
  photo.click();
}
photo.addEventListener("change", async () => {
  const [file] = photo.files;
  photo.value = "";
  if (!file) return;
  try {
    const image = await createImageBitmap(file);
    const scale = Math.min(1, LARGEST / Math.max(image.width, image.height));
    const canvas = make("canvas", { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    sending({ picture: canvas.toDataURL("image/jpeg", 0.85) });
  } catch {
    toast("No se pudo leer esa foto");
  }
});
