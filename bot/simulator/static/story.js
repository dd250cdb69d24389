// What happened with a message, step by step: from the phone through the bot to other phones, and what it cost.

import { all, ask, byId, called, dollars, hour, isOff, make, many, moment, onChange, rest, state } from "./net.js";
import { travelTo } from "./time.js";
import { AWAITING, CASES, EVENTS, FAILED, INTENTS, OFFERS, PARTS, ROWS, SEARCHES, SLOTS, STATUS } from "./words.js";

const LATEST = ""; // the message that is told of when none is chosen
const OFFERED = 25;
const KINDS = { sms: "SMS", whatsapp: "WhatsApp" };
const chosen = byId("story-of");
const place = byId("journey");

export function tellStory(sid) {
  options();
  chosen.value = sid;
  shown = "";
  draw();
  document.dispatchEvent(new CustomEvent("story"));
}

const said = () => all().filter((message) => message.from_person);
const words = (message) => (message.pin ? "Comparte su ubicación" : message.text || "Una foto");
const cut = (text, length) => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

function options() {
  if (document.activeElement === chosen) return;
  const before = chosen.value;
  const latest = said().slice(-OFFERED).reverse();
  chosen.replaceChildren(
    make("option", { value: LATEST }, "con el último mensaje"),
    ...latest.map((message) => make("option", { value: message.sid }, `${hour(message.at)} ${called(message.number)}: ${cut(words(message), 40)}`)),
  );
  chosen.value = latest.some((message) => message.sid === before) ? before : LATEST;
}

let shown = "";
let turn = 0;
async function draw() {
  options();
  const message = state.messages.get(chosen.value) || said().at(-1);
  if (!message) return place.replaceChildren(make("li", { class: "later" }, "Escriba un mensaje, y aquí verá cada paso."));
  const near = [...state.messages.values()].filter((one) => one.at >= message.at).map((one) => one.sid + one.revision).join();
  const key = message.sid + message.revision + near + state.clock.ahead_s;
  if (key === shown) return;
  shown = key;
  const mine = ++turn;
  const [calls, story] = await Promise.all([
    ask(`messages/${message.sid}/calls`).catch(() => []),
    message.answer === null ? null : ask(`messages/${message.sid}/story`).catch(() => null),
  ]);
  if (mine !== turn) return;
  const open = new Set([...place.querySelectorAll("details[open]")].map((one) => one.dataset.of));
  place.replaceChildren(...steps(message, calls, story));
  for (const one of place.querySelectorAll("details")) one.open = open.has(one.dataset.of);
  if (story?.searches.some((search) => !search.answered)) {
    await rest(700);
    if (mine === turn) {
      shown = "";
      draw();
    }
  }
}

function step(title, parts = [], { at = null, kind = "" } = {}) {
  return make("li", { class: kind }, at ? make("time", {}, hour(at)) : "", make("b", {}, title), ...parts);
}
const quote = (text) => make("q", {}, text.replace(/[*_~](\S[^*_~\n]*)[*_~]/g, "$1"));
const code = (text) => make("code", {}, text);
const line = (...parts) => make("p", {}, ...parts);

function steps(message, calls, story) {
  const rows = [step(`${called(message.number)} escribe por ${KINDS[message.channel]}`, [quote(words(message))], { at: message.at })];
  if (!calls.length && isOff(message.number)) rows.push(step("Espera en el teléfono: no hay señal", [], { kind: "later" }));
  for (const call of calls) {
    const good = call.answer === 200;
    rows.push(step(good ? `El servicio lo recibe en ${call.took_ms} ms` : `El servicio no lo recibe (${call.answer ?? call.error})`, [], { kind: good ? "" : "bad" }));
  }
  if (!story) return [...rows, ...replies(heardAfter(message), message)];
  if (story.parse) rows.push(understood(story.parse));
  else if (story.handled) rows.push(step("Lo lee sin el modelo", [line("Es una palabra clave, un botón, una ubicación o una foto.")]));
  else rows.push(step("Todavía no lo contesta", [line(many(story.attempts, "intento", "intentos"))], { kind: "later" }));
  rows.push(...story.searches.map(searched));
  rows.push(decided(message, story));
  rows.push(...replies(story.replies, message));
  rows.push(...coming(story.events));
  rows.push(cost(message, story));
  return rows;
}

const heardAfter = (message) => all().filter((one) => !one.from_person && one.number === message.number && one.channel === message.channel && one.at > message.at).map((one) => ({ ...one, same: true }));

function understood(parse) {
  const slots = parse.slots.map((slot) => make("li", {}, make("i", {}, SLOTS[slot.slot] || slot.slot), ` «${slot.text}»`, slot.value && slot.value !== slot.text ? make("b", {}, ` → ${slot.value}`) : ""));
  return step(`Entiende: ${INTENTS[parse.intent] || parse.intent}`, [
    line(`seguro al ${Math.round(parse.confidence * 100)} % · `, code(parse.intent)),
    slots.length ? make("ul", { class: "slots" }, ...slots) : "",
  ]);
}

function searched(search) {
  const title = SEARCHES[search.kind] || search.kind;
  if (!search.answered) return step(`${title}…`, [], { kind: "later" });
  const found = search.candidates;
  const parts = [line(search.asked)];
  if (!found.length) return step(title, [...parts, line(FAILED[search.failed] || "No encuentra nada.")], { kind: "bad" });
  const best = found.filter((one) => one.shown);
  const more = found.filter((one) => !one.shown);
  parts.push(make("ol", { class: "candidates" }, ...best.map(candidate)));
  if (more.length) {
    parts.push(make("details", { "data-of": `more ${search.asked}` }, make("summary", {}, many(more.length, "que sigue", "que siguen")), make("ol", { class: "candidates", start: best.length + 1 }, ...more.map(candidate))));
  }
  return step(title, parts);
}

function candidate(one) {
  const parts = Object.entries(one.parts || {}).map(([name, value]) => make("span", {}, `${PARTS[name] || name} ${value.toFixed(2)}`));
  return make("li", {},
    make("b", {}, one.name), one.km === undefined ? "" : ` ${one.km.toFixed(1)} km`,
    one.score === undefined ? "" : make("span", { class: "score" }, make("meter", { min: 0, max: 1, value: one.score, "aria-label": `puntaje ${one.score.toFixed(2)}` }), make("em", {}, one.score.toFixed(2))),
    parts.length ? make("small", { class: "parts" }, ...parts) : "",
    one.why ? make("small", {}, one.why) : "",
    one.gone ? make("small", {}, "Ahora ya no saldría: cambiaron sus sitios o su ficha.") : "",
  );
}

function decided(message, story) {
  const keys = story.replies.filter((reply) => reply.same).flatMap((reply) => [code(reply.wording), " "]);
  const parts = [keys.length ? line("Dice ", ...keys) : ""];
  for (const [table, rows] of Object.entries(story.rows)) parts.push(line(`${ROWS[table] || table}: ${rows.map((row) => CASES[row] || row).join(", ")}`));
  for (const offer of story.offers) parts.push(line(`${offer.name} (pedido ${offer.code}): ${OFFERS[offer.status] || offer.status}`, offer.status === "sent" ? `, hasta ${moment(offer.until)}` : ""));
  const { awaiting } = story.awaits;
  if (awaiting && said().findLast((one) => one.number === message.number)?.sid === message.sid) parts.push(line(`Ahora espera: ${AWAITING[awaiting] || (awaiting.startsWith("provider") ? "un dato de su inscripción" : awaiting)}`));
  return step("Decide", parts);
}

function replies(list, message) {
  return list.map((reply) => {
    const sent = state.messages.get(reply.sid);
    const status = sent?.status || reply.status;
    const bad = status === "failed" || status === "undelivered";
    const price = sent?.price == null ? "" : ` · ${reply.channel === "sms" ? `${sent.segments} SMS · ` : ""}${dollars(sent.price, 4)}`;
    const to = reply.number === message.number ? "Le contesta" : `A ${called(reply.number, reply.name)}`;
    const error = reply.error_code ? ` (error ${reply.error_code})` : "";
    const waits = isOff(reply.number) && status === "sent" ? " · espera a que haya señal" : "";
    return step(`${to} por ${KINDS[reply.channel]}`, [line(`${STATUS[status] || status}${error}${price}${waits}`), sent ? quote(sent.text) : ""], { at: sent?.at, kind: bad ? "bad" : "" });
  });
}

function coming(events) {
  const later = events.filter((event) => !event.happened && Date.parse(event.at) > Date.parse(state.messages.get(said().at(-1)?.sid)?.at || 0));
  return later.map((event) => step(`Después: ${EVENTS[event.kind] || event.kind}`, [
    line(`${called(event.number, event.name)} · ${moment(event.at)} `, state.clock.movable ? make("button", { type: "button", class: "jump", onclick: () => travelTo(event.at) }, "ir ahí") : ""),
  ], { kind: "later" }));
}

function cost(message, story) {
  const sids = new Set(story.replies.map((reply) => reply.sid));
  const paid = [message, ...all().filter((one) => sids.has(one.sid))].filter((one) => one.price !== null);
  const total = paid.reduce((sum, one) => sum + Number(one.price), 0);
  return step(`En total ${dollars(total, 4)}`, [line(`${many(paid.length, "mensaje", "mensajes")}, contando el que llegó · en el registro: `, code(story.trace))], { kind: "end" });
}

chosen.addEventListener("change", () => { shown = ""; draw(); });
onChange(draw);
