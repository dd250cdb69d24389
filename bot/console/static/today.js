// The list of today brings itself up to date. Without this, "Actualizar" does.

const EVERY_MS = 30000;
const list = document.getElementById("lista");
const news = document.getElementById("aviso-lista");
const alarm = document.getElementById("aviso-emergencia");
const title = document.title.replace(/^\(\d+\) Emergencias? · /, "");

const state = (inside) => inside?.dataset ?? {};
let shown = state(list.firstElementChild);
let known = Number(shown.emergencies);

// Somebody is writing in the list, or has opened a form there: it is not taken from under their hands.
const isBusy = () =>
  list.querySelector("details[open], form[data-sent]") !== null ||
  [...list.querySelectorAll("textarea")].some((one) => one.value);

const say = (text) => {
  news.firstElementChild.textContent = text;
  news.hidden = !text;
};

const tellOfEmergencies = (now) => {
  document.title = now ? `(${now}) ${now === 1 ? "Emergencia" : "Emergencias"} · ${title}` : title;
  if (now > known) alarm.textContent = now === 1 ? "Hay una emergencia." : `Hay ${now} emergencias.`;
  known = now;
};

const replace = (fresh) => {
  const focused = list.contains(document.activeElement) ? document.activeElement.id : "";
  list.replaceChildren(fresh);
  shown = state(fresh);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  say("");
};

const refresh = async () => {
  try {
    const answer = await fetch(list.dataset.refresh, { redirect: "manual" });
    if (answer.type === "opaqueredirect") {
      document.title = `(!) Sesión terminada · ${title}`;
      return say("Su sesión terminó: esta lista ya no se actualiza.");
    }
    if (!answer.ok) return say("No se pudo actualizar la lista.");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-version]");
    if (!fresh) return;
    tellOfEmergencies(Number(fresh.dataset.emergencies));
    if (!isBusy()) return replace(fresh);
    if (fresh.dataset.version !== shown.version) say("Hay novedades en la lista.");
  } catch {
    say("Sin conexión: esta lista puede estar atrasada.");
  }
};

setInterval(refresh, EVERY_MS);
