// Beside the phones: what it costs, the way of the last message, the switches.

import { ask, dollars, hour, make, onChange, person, spaced, state, toast } from "./net.js";

const EVERYBODY = "*";
const byId = (id) => document.getElementById(id);

// What it costs

const count = (number, one, many) => `${number} ${number === 1 ? one : many}`;

function bill() {
  const { whatsapp, sms } = state.totals;
  if (!whatsapp) return;
  byId("whatsapp-cost").textContent = dollars(whatsapp.cost);
  byId("whatsapp-count").textContent = `${count(whatsapp.sent, "enviado", "enviados")}, ${count(whatsapp.received, "recibido", "recibidos")}`;
  byId("sms-cost").textContent = dollars(sms.cost);
  byId("sms-count").textContent = `${count(sms.segments, "SMS enviado", "SMS enviados")}, ${count(sms.received, "recibido", "recibidos")}`;
}

// The way of the last message

const STATUS = { accepted: "Recibido por el operador", queued: "En cola del operador", sent: "Salió a la red", delivered: "Llegó al teléfono", read: "Lo leyó", failed: "No salió", undelivered: "No se pudo entregar" };
let shown = "";

async function journey() {
  const last = [...state.messages.values()].sort((a, b) => (a.at < b.at ? -1 : 1)).slice(-30);
  const asked = last.findLast((message) => message.from_person);
  const replies = asked ? last.filter((message) => !message.from_person && message.number === asked.number && message.channel === asked.channel && message.at > asked.at) : [];
  const key = [asked, ...replies].map((message) => message && `${message.sid}${message.revision}`).join();
  if (!asked || key === shown) return;
  shown = key;
  const calls = await ask(`messages/${asked.sid}/calls`).catch(() => []);
  if (key !== shown) return;
  const channel = asked.channel === "sms" ? "SMS" : "WhatsApp";
  const rows = [step(asked.at, `${person(asked.number)?.name || spaced(asked.number)} escribe por ${channel}`, asked.pin ? "Comparte su ubicación" : asked.text || "Una foto")];
  for (const call of calls) {
    const good = call.answer === 200;
    rows.push(step(call.at, good ? `El servicio lo recibe en ${call.took_ms} ms` : `El servicio no lo recibe (${call.answer ?? call.error})`, "", good ? "" : "bad"));
  }
  for (const reply of replies) {
    const bad = reply.error_code !== null;
    const cost = reply.price === null ? "" : ` · ${reply.channel === "sms" ? `${reply.segments} SMS · ` : ""}${dollars(reply.price, 4)}`;
    rows.push(step(reply.at, `Responde · ${STATUS[reply.status] || reply.status}${bad ? ` (${reply.error_code})` : ""}${cost}`, reply.text, bad ? "bad" : ""));
  }
  byId("journey").replaceChildren(...rows);
}

function step(at, words, quote, kind = "") {
  return make("li", { class: kind }, make("time", {}, hour(at)), words, quote ? make("q", {}, quote) : "");
}

// The switches

const target = byId("fault-target");
const held = () => state.faults[target.value];

function targets() {
  const chosen = target.value || EVERYBODY;
  target.replaceChildren(
    make("option", { value: EVERYBODY }, "A todos los teléfonos"),
    ...state.people.map((someone) => make("option", { value: someone.number }, `${someone.name} · ${spaced(someone.number)}`)),
  );
  target.value = [...target.options].some((option) => option.value === chosen) ? chosen : EVERYBODY;
}

function faults() {
  const on = Object.keys(state.faults).length;
  byId("fault-count").textContent = on;
  byId("fault-count").hidden = !on;
  if (!target.matches(":focus")) targets();
  if (byId("faults").open && byId("faults").contains(document.activeElement) && document.activeElement.type === "number") return;
  const now = held() || {};
  document.querySelector(`[name=trouble][value=${now.trouble || "none"}]`).checked = true;
  byId("fault-times").value = now.times ?? "";
  byId("fault-seconds").value = now.seconds ?? 5;
  byId("fault-late").checked = Boolean(now.late_s);
  for (const name of ["twice", "shuffled", "silent"]) byId(`fault-${name}`).checked = Boolean(now[name]);
}

function set() {
  const body = {
    trouble: document.querySelector("[name=trouble]:checked").value,
    times: byId("fault-times").value ? Number(byId("fault-times").value) : null,
    seconds: Number(byId("fault-seconds").value) || 0,
    late_s: byId("fault-late").checked ? 10 : 0,
    twice: byId("fault-twice").checked,
    shuffled: byId("fault-shuffled").checked,
    silent: byId("fault-silent").checked,
  };
  ask(`faults/${encodeURIComponent(target.value)}`, body, "PUT").catch((error) => toast(error.message));
}

byId("open-faults").addEventListener("click", () => { targets(); faults(); byId("faults").showModal(); });
target.addEventListener("change", faults);
for (const input of byId("faults").querySelectorAll("input")) input.addEventListener("change", set);
byId("faults-off").addEventListener("click", async () => {
  for (const one of Object.keys(state.faults)) await ask(`faults/${encodeURIComponent(one)}`, {}, "PUT").catch((error) => toast(error.message));
});
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

onChange(bill);
onChange(journey);
onChange(faults);
