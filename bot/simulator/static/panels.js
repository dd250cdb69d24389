// Beside the phones: what it costs, and the switches.

import { ask, byId, complain, dollars, make, many, onChange, spaced, state } from "./net.js";

const EVERYBODY = "*";

// What it costs

function bill() {
  const { whatsapp, sms } = state.totals;
  if (!whatsapp) return;
  byId("whatsapp-cost").textContent = dollars(whatsapp.cost);
  byId("whatsapp-count").textContent = `${many(whatsapp.sent, "enviado", "enviados")}, ${many(whatsapp.received, "recibido", "recibidos")}`;
  byId("sms-cost").textContent = dollars(sms.cost);
  byId("sms-count").textContent = `${many(sms.segments, "SMS enviado", "SMS enviados")}, ${many(sms.received, "recibido", "recibidos")}`;
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
  for (const name of ["twice", "shuffled", "silent", "off"]) byId(`fault-${name}`).checked = Boolean(now[name]);
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
    off: byId("fault-off").checked,
  };
  ask(`faults/${encodeURIComponent(target.value)}`, body, "PUT").catch(complain);
}

byId("open-faults").addEventListener("click", () => { targets(); faults(); byId("faults").showModal(); });
target.addEventListener("change", faults);
for (const input of byId("faults").querySelectorAll("input")) input.addEventListener("change", set);
byId("faults-off").addEventListener("click", async () => {
  for (const one of Object.keys(state.faults)) await ask(`faults/${encodeURIComponent(one)}`, {}, "PUT").catch(complain);
});
for (const dialog of document.querySelectorAll("dialog")) {
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

onChange(bill);
onChange(faults);
