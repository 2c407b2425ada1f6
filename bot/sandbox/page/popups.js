// What lies over the chat for a moment? Menus, toasts, alerts, a big photo, confetti; none of them knows the sandbox.

import { icon, make } from "./dom.js";

/** Open a menu at a button: items are {label, icon, act, danger}; arrow keys walk, Escape closes. */
export function openMenu(anchor, label, items) {
  const menu = make("div", { class: "menu", role: "menu", popover: "auto", "aria-label": label });
  const close = () => menu.hidePopover();
  for (const item of items) {
    const onclick = () => (close(), item.act());
    const attributes = { type: "button", role: "menuitem", tabindex: "-1", onclick };
    const button = make("button", attributes, icon(item.icon), item.label);
    button.classList.toggle("danger", Boolean(item.danger));
    menu.append(button);
  }
  menu.addEventListener("keydown", (event) => walk(event, menu));
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    menu.remove();
    anchor.setAttribute("aria-expanded", "false");
  });
  document.body.append(menu);
  menu.showPopover();
  anchor.setAttribute("aria-expanded", "true");
  place(menu, anchor);
  menu.firstElementChild?.focus();
}

function walk(event, menu) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (event.key === "Tab") menu.hidePopover();
  if (!step) return;
  event.preventDefault();
  const items = [...menu.children];
  items.at((items.indexOf(document.activeElement) + step) % items.length).focus();
}

function place(menu, anchor) {
  const at = anchor.getBoundingClientRect();
  const { width, height } = menu.getBoundingClientRect();
  const below = at.bottom + height + 8 < innerHeight;
  menu.style.top = `${below ? at.bottom + 4 : Math.max(8, at.top - height - 4)}px`;
  const left = at.left > innerWidth / 2 ? at.right - width : at.left;
  menu.style.left = `${Math.min(Math.max(8, left), innerWidth - width - 8)}px`;
}

/** Put text on the clipboard and `say` so; browsers may refuse. */
export async function copy(text, say) {
  try {
    await navigator.clipboard.writeText(text);
    say("Copied");
  } catch {
    say("The browser does not let this page copy.");
  }
}

const toastTimers = new WeakMap();

/** A line in `element` that goes away by itself; longer texts stay longer. */
export function toast(text, element) {
  clearTimeout(toastTimers.get(element));
  element.textContent = text;
  element.classList.add("shown");
  toastTimers.set(element, setTimeout(() => element.classList.remove("shown"), 2500 + 45 * text.length));
}

/** A box that wants to be closed; `confirm` makes it a question and resolves to true or false. */
export function box(title, text, { confirm = null } = {}) {
  const dialog = make("dialog", { class: "box", "aria-label": title });
  const ok = make("button", { value: "yes", class: confirm ? "danger" : "", autofocus: !confirm }, confirm ?? "OK");
  const cancel = confirm ? make("button", { value: "", autofocus: true }, "Cancel") : null;
  dialog.append(make("h2", {}, title), make("p", {}, text), make("form", { method: "dialog" }, cancel, ok));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

/** A photo as large as the screen; a click or Escape closes it. */
export function zoom(url, words) {
  const close = make("button", { class: "icon-button zoom-close", "aria-label": "Close photo" }, icon("cross"));
  const dialog = make("dialog", { class: "zoom", "aria-label": words }, make("img", { src: url, alt: words }), close);
  dialog.addEventListener("click", () => dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

const PIECES = 36;

/** Paper snippets over an element after a right answer; nothing for those who asked for less motion. */
export function confetti(element) {
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const layer = make("span", { class: "confetti", "aria-hidden": "true" });
  for (let piece = 0; piece < PIECES; piece++) {
    const snippet = make("i");
    const angle = (Math.PI * (piece + 0.5)) / PIECES;
    const reach = 60 + ((piece * 53) % 90);
    snippet.style.setProperty("--x", `${Math.cos(angle) * reach}px`);
    snippet.style.setProperty("--y", `${-Math.sin(angle) * reach}px`);
    snippet.style.setProperty("--hue", (piece * 47) % 360);
    snippet.style.animationDelay = `${(piece % 6) * 25}ms`;
    layer.append(snippet);
  }
  const at = element.getBoundingClientRect();
  layer.style.left = `${at.left + at.width / 2}px`;
  layer.style.top = `${at.top + at.height / 2}px`;
  document.body.append(layer);
  setTimeout(() => layer.remove(), 1800);
}
