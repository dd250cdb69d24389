// The time of carrier and bot, and how it is set ahead.

import { ask, byId, called, complain, day, hour, make, moment, now, onChange, rest, shortDay, state, toast } from "./net.js";
import { EVENTS } from "./words.js";

const HOUR_MS = 3600 * 1000;
const NEVER_MS = 60 * 24 * HOUR_MS; // what is farther off is nothing to look at

export const isTravelling = () => Boolean(state.clock.goes_to);
export async function untilThere() {
  await rest(150);
  while (isTravelling()) await rest(150);
}

export async function travelTo(at) {
  try {
    state.clock = await ask("clock", { until: new Date(at).toISOString() });
    tick();
    await untilThere();
  } catch (error) {
    complain(error);
  }
}

export const whatComes = async () => (await ask("coming")).filter((event) => Date.parse(event.at) - now() < NEVER_MS);
export async function travelToNext() {
  const [next] = await whatComes();
  if (next) await travelTo(next.at);
  return Boolean(next);
}

// The same hour everywhere on the page
function tick() {
  for (const clock of document.querySelectorAll(".clock")) clock.textContent = hour(now());
  byId("day").textContent = shortDay(now());
  const ahead = state.clock.ahead_s || 0;
  const days = Math.round(ahead / 86400);
  byId("ahead").hidden = !ahead;
  byId("ahead").textContent = isTravelling() ? "»" : days ? `+${days} d` : `+${Math.round(ahead / 3600) || "<1"} h`;
  byId("open-time").hidden = !state.clock.movable;
  byId("go-back").hidden = !ahead;
  byId("big-clock").textContent = isTravelling() ? `Viajando hasta ${moment(state.clock.goes_to)}… ${day(now())}, ${hour(now())}` : `${day(now())}, ${hour(now())}`;
  for (const button of document.querySelectorAll("#time .jumps button, #coming button")) button.disabled = isTravelling() || (button.id === "go-next" && !next);
}

let next = null;
let asked = 0;
async function list() {
  const turn = ++asked;
  const events = await whatComes().catch(() => []);
  if (turn !== asked) return;
  [next] = events;
  byId("go-next").textContent = next ? `Hasta lo próximo: ${moment(next.at)}` : "No hay nada pendiente";
  byId("coming").replaceChildren(
    ...events.map((event) => make("li", {}, make("button", { type: "button", onclick: () => travelTo(event.at) }, make("time", {}, moment(event.at)), `${called(event.number, event.name)}: ${EVENTS[event.kind] || event.kind}`))),
    ...(events.length ? [] : [make("li", {}, "Nada por ahora. Pida un cuidado y acepte: habrá plazos, recordatorio y pregunta.")]),
  );
  tick();
}

byId("open-time").addEventListener("click", () => {
  byId("time").showModal();
  list();
});
byId("go-next").addEventListener("click", () => next && travelTo(next.at));
for (const button of document.querySelectorAll("[data-hours]")) button.addEventListener("click", () => travelTo(now() + Number(button.dataset.hours) * HOUR_MS));
byId("go-morning").addEventListener("click", () => {
  const LIMA_MS = 5 * HOUR_MS; // behind UTC, all the year round
  const midnight = Math.floor((now() - LIMA_MS) / (24 * HOUR_MS)) * 24 * HOUR_MS + LIMA_MS;
  travelTo(midnight + 32 * HOUR_MS);
});
byId("go-back").addEventListener("click", async () => {
  try {
    state.clock = await ask("clock", {});
    toast("De vuelta. Lo que pasó en el viaje lleva fecha de mañana: así se queda.");
  } catch (error) {
    complain(error);
  }
});

onChange(() => {
  tick();
  if (byId("time").open) list();
});
setInterval(tick, 5000);
