// What makes a conversation easier where a browser runs it: how much of an SMS is written, and whether something new came.

const written = document.querySelector("textarea[data-alphabet]");
const count = document.getElementById("cuenta");

if (written && count) {
  const { basic, extension, otherwise } = JSON.parse(written.dataset.alphabet);
  const septets = new Map([...[...basic].map((c) => [c, 1]), ...[...extension].map((c) => [c, 2])]);
  const bySms = written.dataset.sms === "1";

  // As bot/gsm7.py folds: what has no likeness in the alphabet is left out with the space it leaves behind.
  const like = (character) => {
    if (septets.has(character)) return character;
    const parts = [...character.normalize("NFKD")].map((part) => otherwise[part] ?? part).join("");
    const kept = [...parts].filter((part) => septets.has(part)).join("");
    return kept || (/^\p{M}$/u.test(character) ? "" : "\0");
  };
  const fold = (text) => [...text.normalize("NFC")].map((c) => otherwise[c] ?? c).join("")
    .replace(/[\s\S]/gu, like)
    .replace(/([^\s\0])( *\0[\0 ]*)(?=\S)/g, (_, before, gap) => before + (gap.includes(" ") ? " " : ""))
    .replace(/ *\0[\0 ]*/g, "");
  const segments = (text) => {
    const units = [...text].map((character) => septets.get(character));
    const total = units.reduce((sum, unit) => sum + unit, 0);
    if (total <= 160) return { total, parts: 1, left: 160 - total };
    let parts = 1, used = 0;
    for (const unit of units) {
      if (used + unit > 153) { parts += 1; used = 0; }
      used += unit;
    }
    return { total, parts, left: 153 - used };
  };
  const tell = () => {
    const text = written.value.trim();
    const { parts, left } = segments(fold(text));
    count.hidden = !text;
    count.dataset.parts = parts;
    const sms = `${parts} ${parts === 1 ? "parte" : "partes"} de SMS, quedan ${left} caracteres en la última`;
    count.textContent = bySms ? `${sms}.` : `${[...text].length} caracteres por WhatsApp. Si tuviera que ir por SMS: ${sms}.`;
  };
  written.addEventListener("input", tell);
  tell();
}

const news = document.getElementById("nuevos");

if (news) {
  if (!location.hash) document.getElementById("ultimo")?.scrollIntoView({ block: "end" });
  const say = (text) => {
    news.hidden = !text;
    news.firstElementChild.textContent = text;
  };
  const look = async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(news.dataset.address, { redirect: "manual" });
      if (answer.type === "opaqueredirect") return say("Su sesión terminó: entre otra vez para ver si hay mensajes nuevos.");
      if (!answer.ok) return;
      const { nuevos } = await answer.json();
      if (nuevos) say(nuevos === 1 ? "Llegó un mensaje nuevo." : `Llegaron ${nuevos} mensajes nuevos.`);
    } catch { /* the line is cut: another look later */ }
  };
  setInterval(look, 15000);
}
