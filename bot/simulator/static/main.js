// Puts the page together.

import "./panels.js";
import { follow, onChange } from "./net.js";
import { bringForward, looking, setOut } from "./phones.js";
import { showConversations } from "./play.js";

document.addEventListener("story", () => document.getElementById("views").offsetParent && bringForward("story"));

let ready = false;
onChange(() => {
  if (ready) return;
  ready = true;
  setOut();
  showConversations();
});
follow(looking);
