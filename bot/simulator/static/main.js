// Puts the page together.

import "./panels.js";
import { writeSms } from "./basic.js";
import { follow, hour } from "./net.js";
import { owner } from "./people.js";
import { writeWhatsApp } from "./whatsapp.js";

const LETTER_MS = 14;
const THINK_MS = 350;
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const rest = (ms) => new Promise((go) => setTimeout(go, ms));

const show = (view) => { document.body.dataset.view = view; };
for (const button of document.querySelectorAll("[data-show]")) button.addEventListener("click", () => show(button.dataset.show));

// An example is typed letter by letter, then sent.
let typing = false;
for (const example of document.querySelectorAll(".example")) {
  example.addEventListener("click", async () => {
    if (typing) return;
    typing = true;
    const { channel, text } = example.dataset;
    const box = document.getElementById(`${channel}-text`);
    show(channel);
    for (let end = 1; end <= text.length && !still; end += 1) {
      box.value = text.slice(0, end);
      if (end % 4 === 0) box.dispatchEvent(new Event("input"));
      box.scrollTop = box.scrollHeight;
      await rest(LETTER_MS);
    }
    await rest(still ? 0 : THINK_MS);
    await (channel === "sms" ? writeSms : writeWhatsApp)(text);
    typing = false;
  });
}

const tick = () => document.querySelectorAll(".clock").forEach((clock) => { clock.textContent = hour(Date.now()); });
tick();
setInterval(tick, 5000);

follow(() => owner("whatsapp"));
