// How does text with entities look? Offsets and lengths count UTF-16 units, which is what JavaScript strings count too.

import { icon, make } from "./dom.js";

const SAFE_LINKS = ["http:", "https:", "mailto:", "tel:", "tg:"];
const BLOCKS = new Set(["pre", "blockquote", "expandable_blockquote"]);
const PLAIN_TAGS = { bold: "strong", italic: "em", underline: "u", strikethrough: "s", code: "code" };

/** The text as a fragment; `actions` has what a click may want: command(text), link(address), copy(text). */
export function formatted(text, entities, actions) {
  const sorted = [...(entities ?? [])].sort((a, b) => a.offset - b.offset || b.length - a.length);
  return range(text ?? "", 0, (text ?? "").length, sorted, actions);
}

function range(text, start, end, entities, actions) {
  const fragment = document.createDocumentFragment();
  let position = start;
  let afterBlock = false;
  const plain = (to) => {
    const piece = text.slice(position, to);
    // A block ends its line by itself: the line feed behind it would show as an empty line.
    fragment.append(afterBlock ? piece.replace(/^\n/, "") : piece);
  };
  for (let index = 0; index < entities.length; index++) {
    const entity = entities[index];
    const stop = Math.min(entity.offset + entity.length, end);
    if (entity.offset < position || stop <= entity.offset) continue;
    plain(entity.offset);
    const inner = entities.slice(index + 1).filter((other) => other.offset < stop);
    const inside = range(text, entity.offset, stop, inner, actions);
    fragment.append(dressed(entity, text.slice(entity.offset, stop), inside, actions));
    position = stop;
    afterBlock = BLOCKS.has(entity.type);
  }
  plain(end);
  return fragment;
}

function dressed(entity, raw, inside, actions) {
  const dress = DRESSES[entity.type];
  if (dress) return dress(inside, raw, entity, actions);
  return PLAIN_TAGS[entity.type] ? make(PLAIN_TAGS[entity.type], {}, inside) : inside;
}

const DRESSES = {
  spoiler: (inside) => spoiler(inside),
  pre: (inside, raw, entity, actions) => codeBlock(inside, raw, entity.language, actions),
  blockquote: (inside) => make("blockquote", {}, inside),
  expandable_blockquote: (inside) => longQuote(inside),
  url: (inside, raw, entity, actions) => link(inside, /^[a-z]+:/i.test(raw) ? raw : `https://${raw}`, actions),
  text_link: (inside, raw, entity, actions) => link(inside, entity.url, actions),
  email: (inside, raw, entity, actions) => link(inside, `mailto:${raw}`, actions),
  phone_number: (inside, raw, entity, actions) => link(inside, `tel:${raw}`, actions),
  bot_command: (inside, raw, entity, actions) =>
    make("button", { class: "command", type: "button", onclick: () => actions.command(raw) }, inside),
  mention: (inside) => make("span", { class: "mention" }, inside),
  text_mention: (inside) => make("span", { class: "mention" }, inside),
  hashtag: (inside) => make("span", { class: "mention" }, inside),
  cashtag: (inside) => make("span", { class: "mention" }, inside),
};

/** Is this an address one may follow? `javascript:` and the like stay text. */
export function isSafeLink(address) {
  try {
    return SAFE_LINKS.includes(new URL(address).protocol);
  } catch {
    return false;
  }
}

function link(inside, address, actions) {
  if (!isSafeLink(address)) return inside;
  const onclick = (event) => actions.link(address) && event.preventDefault();
  const attributes = { href: address, target: "_blank", rel: "noopener noreferrer", title: address, onclick };
  return make("a", attributes, inside);
}

function spoiler(inside) {
  const asButton = { role: "button", tabindex: "0", "aria-label": "Hidden text, press to show" };
  const cover = make("span", { class: "spoiler", ...asButton });
  const text = make("span", { class: "spoiler-text", "aria-hidden": "true" }, inside);
  const reveal = (event) => {
    if (event.type === "keydown" && ![" ", "Enter"].includes(event.key)) return;
    if (cover.classList.contains("shown")) return;
    event.preventDefault();
    cover.classList.add("shown");
    Object.keys(asButton).forEach((name) => cover.removeAttribute(name));
    text.removeAttribute("aria-hidden");
  };
  cover.addEventListener("click", reveal);
  cover.addEventListener("keydown", reveal);
  cover.append(text);
  return cover;
}

function codeBlock(inside, raw, language, actions) {
  const onclick = () => actions.copy(raw);
  const button = make("button", { type: "button", class: "copy", "aria-label": "Copy code", onclick }, icon("copy"));
  const head = make("span", { class: "code-head" }, make("span", {}, language || "code"), button);
  const body = make("pre", { tabindex: "0", "aria-label": `${language || ""} code`.trim() }, make("code", {}, inside));
  return make("div", { class: "code-block" }, head, body);
}

function longQuote(inside) {
  const quote = make("blockquote", { class: "folded" }, inside);
  const toggle = make("button", { type: "button", class: "unfold", "aria-expanded": "false" }, "Show more");
  toggle.addEventListener("click", () => {
    const folded = quote.classList.toggle("folded");
    toggle.textContent = folded ? "Show more" : "Show less";
    toggle.setAttribute("aria-expanded", String(!folded));
  });
  return make("div", { class: "long-quote" }, quote, toggle);
}
