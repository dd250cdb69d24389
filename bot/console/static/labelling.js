// Words are chosen by a tap instead of by their numbers. Without this the numbers do.
const box = document.querySelector("[data-words]");
if (box) {
  const how = document.querySelector("[data-how]");
  how.textContent = how.dataset.how;
  const words = [...box.querySelectorAll(".word")].map((span) => {
    const word = document.createElement("button");
    word.type = "button";
    word.className = "word";
    word.dataset.number = span.dataset.number;
    word.setAttribute("aria-pressed", "false");
    word.append(...span.childNodes);
    span.replaceWith(word);
    return word;
  });
  const all = [...document.querySelectorAll("fieldset.slot")];
  const part = (slot, end) => slot.querySelector(`[name$="-${end}"]`);
  const added = all.filter((slot) => slot.matches("[data-added]"));
  let first = null;

  // Where a tap writes: the slot that is being put right, else the first empty one.
  const target = () =>
    all.find((slot) => slot.querySelector('[value="corregir"]:checked') && !slot.dataset.done) ??
    added.find((slot) => !part(slot, "tipo").value);

  const show = (from, to) => {
    for (const word of words) {
      const number = Number(word.dataset.number);
      word.setAttribute("aria-pressed", String(from <= number && number <= to));
    }
  };

  box.addEventListener("click", (event) => {
    const word = event.target.closest("button.word");
    const slot = word && target();
    if (!slot) return;
    const number = Number(word.dataset.number);
    const [from, to] = first === null ? [number, number] : [Math.min(first, number), Math.max(first, number)];
    part(slot, "de").value = from;
    part(slot, "a").value = to;
    show(from, to);
    if (first === null) first = number;
    else {
      first = null;
      part(slot, "tipo").focus();
    }
  });

  // One empty slot is enough to see.
  const spare = () => {
    const empty = added.filter((slot) => !part(slot, "tipo").value && !part(slot, "de").value);
    for (const slot of added) slot.hidden = empty.indexOf(slot) > 0;
  };
  spare();

  // What a slot is was chosen: the next tap begins another.
  document.addEventListener("change", (event) => {
    const slot = event.target.closest?.("fieldset.slot");
    if (!slot) return;
    first = null;
    if (event.target.matches("select")) {
      slot.dataset.done = "1";
      show(1, 0);
      spare();
    }
    if (event.target.value === "corregir") {
      delete slot.dataset.done;
      show(Number(part(slot, "de").value), Number(part(slot, "a").value));
    }
  });
}
