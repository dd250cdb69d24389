// Nothing here is needed: it saves a step where a browser runs it.

// A form is sent once, however often its button is pressed; but one whose answer is a file, for the page stays.
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.hasAttribute("data-download")) return;
  if (form.dataset.sent) return event.preventDefault();
  const sure = form.dataset.sure;
  if (sure && !confirm(sure)) return event.preventDefault();
  form.dataset.sent = "1";
});

// Who comes back to a page by the browser's arrow may send its form again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

// A filter works as soon as it is chosen.
addEventListener("change", (event) => {
  const form = event.target.form;
  if (form?.matches("form.filters[method=get]") && event.target.matches("select")) form.requestSubmit();
});
