// Maps move without loading the page again: the same addresses as the links, and only the map is taken from the answer.
// Without this file every link and button still works.
"use strict";

(() => {
  const WIDE = 640, HIGH = 480, TILE = 256;

  // The same flat earth as bot/console/map/projection.py.
  const flat = (lat, lon) => ({
    x: (lon + 180) / 360,
    y: (1 - Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) / Math.PI) / 2,
  });
  const round = ({ x, y }) => ({
    lat: (Math.atan(Math.exp(Math.PI * (1 - 2 * y))) * 360) / Math.PI - 90,
    lon: x * 360 - 180,
  });
  const pointAt = (paper, x, y) => {
    const [lat, lon, zoom] = paper.dataset.view.split(",").map(Number);
    const size = TILE * 2 ** zoom, middle = flat(lat, lon);
    return round({ x: middle.x + (x - WIDE / 2) / size, y: middle.y + (y - HIGH / 2) / size });
  };
  const unitsAt = (paper, event) => {
    const box = paper.getBoundingClientRect();
    return { x: ((event.clientX - box.left) * WIDE) / box.width, y: ((event.clientY - box.top) * HIGH) / box.height };
  };

  let asked = 0;

  async function take(request, selector, put) {
    const mine = ++asked;
    try {
      const answer = await fetch(request);
      if (!answer.ok || answer.redirected) return false;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const found = page.querySelector(selector);
      if (!found) return false;
      if (mine === asked) put(found);
      return true;
    } catch {
      return false;
    }
  }

  async function show(figure, address, label) {
    const done = await take(address, "figure[data-map]", (found) => {
      figure.replaceWith(found);
      history.replaceState(null, "", address);
      if (label) found.querySelector(`[data-map-step][aria-label="${label}"]`)?.focus();
    });
    if (!done) location.assign(address);
  }

  document.addEventListener("click", (event) => {
    const step = event.target.closest("a[data-map-step]");
    if (!step || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    show(step.closest("figure[data-map]"), step.href, step.getAttribute("aria-label"));
  });

  // Dragging the paper moves the view.
  let drag = null, dragged = false;
  document.addEventListener("pointerdown", (event) => {
    const paper = event.target.closest(".map__paper");
    dragged = false;
    if (paper && event.button === 0) drag = { paper, from: unitsAt(paper, event), moved: false };
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const here = unitsAt(drag.paper, event);
    const right = here.x - drag.from.x, down = here.y - drag.from.y;
    if (Math.hypot(right, down) > 6) drag.moved = true;
    if (drag.moved) drag.paper.setAttribute("viewBox", `${-right} ${-down} ${WIDE} ${HIGH}`);
  });
  document.addEventListener("pointercancel", () => {
    drag?.paper.setAttribute("viewBox", `0 0 ${WIDE} ${HIGH}`);
    drag = null;
  });
  document.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const { paper, from, moved } = drag;
    drag = null;
    const here = unitsAt(paper, event);
    const fields = paper.closest("[data-map-places]");
    dragged = moved;
    if (moved) {
      const middle = pointAt(paper, WIDE / 2 - (here.x - from.x), HIGH / 2 - (here.y - from.y));
      const view = `${middle.lat.toFixed(5)},${middle.lon.toFixed(5)},${paper.dataset.view.split(",")[2]}`;
      if (fields) return void refresh(fields, "ver:" + view);
      const address = new URL(location.href);
      address.searchParams.set("mapa", view);
      show(paper.closest("figure[data-map]"), address.href);
    } else if (fields) {
      const point = pointAt(paper, here.x, here.y);
      fields.querySelector("[data-map-lat]").value = point.lat.toFixed(5);
      fields.querySelector("[data-map-lon]").value = point.lon.toFixed(5);
      refresh(fields, "punto");
    }
  });
  // A link that was dragged over is not followed.
  document.addEventListener("click", (event) => {
    if (dragged && event.target.closest(".map__paper")) event.preventDefault();
    dragged = false;
  }, true);
  document.addEventListener("dragstart", (event) => {
    if (event.target.closest(".map__paper")) event.preventDefault();
  });

  // The part of a form that says where something is: asked again of the server, and nothing else of the form.
  const filled = (fields) => [...fields.querySelectorAll("input:not([type=hidden])")].map((input) => input.value).join("\n");

  function refresh(fields, what) {
    const form = fields.closest("form"), said = new FormData();
    for (const input of fields.querySelectorAll("input, select"))
      if ((input.type !== "radio" && input.type !== "checkbox") || input.checked) said.append(input.name, input.value);
    said.append("csrf_token", form.elements.csrf_token.value);
    said.append("ubicar", what);
    const sent = filled(fields);
    take(new Request(fields.dataset.mapPlaces, { method: "POST", body: said }), "[data-map-places]", (found) => {
      if (filled(fields) !== sent) return; // somebody went on typing: what they type is asked for next
      const at = fields.contains(document.activeElement) ? document.activeElement : null;
      fields.replaceWith(found);
      if (at) (at.id ? document.getElementById(at.id) : found.querySelector(`button[value="${CSS.escape(at.value)}"]`))?.focus();
    });
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-map-places] button[name=ubicar]");
    if (!button) return;
    event.preventDefault();
    refresh(button.closest("[data-map-places]"), button.value);
  });
  document.addEventListener("change", (event) => {
    const fields = event.target.closest("[data-map-places]");
    if (fields) refresh(fields, "punto");
  });
  document.addEventListener("keydown", (event) => {
    // Enter in the field of the district looks for it, and does not send the whole form.
    if (event.key === "Enter" && event.target.closest("[data-map-places]") && event.target.name === "district") {
      event.preventDefault();
      refresh(event.target.closest("[data-map-places]"), "buscar");
    }
  });
})();
