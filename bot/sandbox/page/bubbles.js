// How does one message look? A row with its bubble and the buttons below; it decides nothing and sends nothing.

import { clockTime, face, icon, make, minutes, nameOf } from "./dom.js";
import { formatted, isSafeLink } from "./format.js";
import { pollCard } from "./poll.js";

/** The row of a message. `view` says who looks: {me, isGroup, busy, ballots, actions}. */
export function messageRow(message, view) {
  const service = serviceText(message);
  if (service) return make("div", { class: "row service-row" }, serviceLine(service));
  const mine = message.from?.id === view.me;
  const who = mine ? "You" : nameOf(message.from ?? message.sender_chat);
  const label = `${who}, ${clockTime(message.date)}`;
  const row = make("div", { class: `row ${mine ? "mine" : "theirs"}`, role: "article", "aria-label": label });
  const bubble = make("div", { class: `bubble ${bareClass(message)}` }, ...bubbleParts(message, view, mine));
  const column = make("div", { class: "column" }, make("div", { class: "beside" }, bubble, moreButton(message, view)));
  const keyboard = message.reply_markup?.inline_keyboard;
  if (keyboard?.length) column.append(inlineKeyboard(message, keyboard, view));
  if (view.isGroup && !mine) row.append(face(message.from));
  row.append(column);
  return row;
}

export const serviceLine = (text) => make("p", { class: "service" }, text);

function bubbleParts(message, view, mine) {
  const parts = [];
  if (view.isGroup && !mine) parts.push(make("p", { class: "sender" }, nameOf(message.from)));
  const topic = view.topics.indexOf(message.message_thread_id);
  if (topic >= 0) parts.push(make("p", { class: "small" }, `Topic ${topic + 1}`));
  if (message.via_bot) parts.push(make("p", { class: "forwarded" }, `via @${message.via_bot.username}`));
  const from = message.forward_origin?.sender_user ?? message.forward_from;
  if (from) parts.push(make("p", { class: "forwarded" }, `Forwarded from ${nameOf(from)}`));
  if (message.reply_to_message) parts.push(replyQuote(message.reply_to_message, view));
  const media = mediaPart(message, view);
  if (media) parts.push(media);
  if (message.poll) parts.push(pollPart(message.poll, view));
  const text = message.text ?? message.caption;
  const body = make("div", { class: text || message.reaction?.length ? "text" : "text wordless" });
  if (text) body.append(formatted(text, message.entities ?? message.caption_entities, view.actions));
  if (message.reaction?.length) body.append(reaction(message.reaction));
  body.append(stamp(message));
  return [...parts, body];
}

function reaction(given) {
  const emojis = given.map((one) => one.emoji ?? "\u2605").join(" ");
  return make("p", { class: "reaction", role: "img", "aria-label": `Reaction: ${emojis}` }, emojis);
}

function stamp(message) {
  const time = make("time", { datetime: new Date(message.date * 1000).toISOString() }, clockTime(message.date));
  const edited = message.edit_date ? make("span", { class: "edited" }, "edited ") : null;
  return make("span", { class: "stamp" }, edited, time);
}

function bareClass(message) {
  if (message.sticker) return "bare";
  if (message.photo) return "with-photo";
  return message.poll ? "with-poll" : "";
}

/** One line that stands for a message: in a reply quote, above the composer. */
export function summary(message) {
  if (message.text ?? message.caption) return message.text ?? message.caption;
  if (message.poll) return message.poll.question;
  const found = Object.keys(KIND_NAMES).find((kind) => message[kind]);
  return found ? KIND_NAMES[found] : "Message";
}

const KIND_NAMES = {
  photo: "Photo",
  voice: "Voice message",
  sticker: "Sticker",
  document: "File",
  location: "Location",
  contact: "Contact",
};

function replyQuote(original, view) {
  const who = original.from?.id === view.me ? "You" : nameOf(original.from);
  const words = summary(original);
  return make(
    "button",
    {
      type: "button",
      class: "reply-quote",
      "aria-label": `Reply to ${who}: ${words}`,
      onclick: () => view.actions.show(original),
    },
    make("span", { class: "reply-name" }, who),
    make("span", { class: "reply-text" }, words),
  );
}

function moreButton(message, view) {
  const button = make("button", { type: "button", class: "more", "aria-label": "Message actions" }, icon("dots"));
  button.setAttribute("aria-haspopup", "menu");
  button.addEventListener("click", () => view.actions.more(message, button));
  return button;
}

function pollPart(poll, view) {
  const vote = (optionIds) => view.actions.vote(poll, optionIds);
  return pollCard(poll, { me: view.me, waiting: view.ballots.get(poll.id), vote, actions: view.actions });
}

// ---- media

function mediaPart(message, view) {
  const kind = Object.keys(MEDIA).find((name) => message[name]);
  return kind ? MEDIA[kind](message[kind], message, view) : null;
}

const MEDIA = {
  photo,
  sticker: ({ emoji = "\u{1F642}" }) =>
    make("span", { class: "sticker", role: "img", "aria-label": `Sticker ${emoji}` }, emoji),
  voice: voiceNote,
  document: (file) => attachment("file", file.file_name ?? "File", fileSize(file.file_size), file),
  contact: (contact) => attachment("person", nameOf(contact), contact.phone_number),
  location: ({ latitude, longitude }) =>
    attachment("pin", "Location", `${latitude.toFixed(3)}, ${longitude.toFixed(3)}`),
};

function photo(sizes, message, view) {
  const size = sizes.reduce((best, one) => (one.width > best.width ? one : best));
  const words = message.caption || "Photo";
  const url = size.url ?? sizes.find((one) => one.url)?.url;
  // A learner's photo is a stand-in of one pixel.
  if (!url || size.width < 2) {
    return make("div", { class: "photo placeholder", role: "img", "aria-label": words }, icon("photo"));
  }
  const image = make("img", { src: url, alt: words, width: size.width, height: size.height, loading: "lazy" });
  const open = () => view.actions.zoom(url, words);
  return make("button", { type: "button", class: "photo", "aria-label": `Open photo: ${words}`, onclick: open }, image);
}

function voiceNote(voice) {
  const wave = make("span", { class: "wave", "aria-hidden": "true" });
  // A drawing, not a measurement: the sandbox's voice messages hold no sound.
  for (let bar = 0; bar < 26; bar++) {
    const line = make("i");
    line.style.setProperty("--level", 0.25 + 0.75 * Math.abs(Math.sin(bar * 1.7) * Math.cos(bar * 0.45)));
    wave.append(line);
  }
  const length = make("span", { class: "small" }, minutes(voice.duration ?? 0));
  const disc = make("span", { class: "disc" }, icon("play"));
  return make("div", { class: "voice", role: "img", "aria-label": "Voice message" }, disc, wave, length);
}

/** `file` is something to download, under its own name. */
function attachment(kind, title, detail, file) {
  const disc = make("span", { class: "disc" }, icon(kind));
  const small = make("span", { class: "small" }, detail ?? "");
  const words = make("span", { class: "attachment-text" }, make("strong", {}, title), small);
  if (!file?.url) return make("div", { class: "attachment" }, disc, words);
  const label = `Download ${title}, ${detail}`;
  const attributes = { class: "attachment", href: file.url, download: file.file_name ?? "", "aria-label": label };
  return make("a", attributes, disc, words);
}

function fileSize(bytes) {
  if (!bytes) return "";
  return bytes < 1024 ? `${bytes} bytes` : `${(bytes / 1024).toFixed(bytes < 10_240 ? 1 : 0)} KB`;
}

// ---- the keyboard below a bubble

export const buttonKey = (message, button) => `${message.message_id} ${button.callback_data}`;

function inlineKeyboard(message, rows, view) {
  const keyboard = make("div", { class: "keyboard", role: "group", "aria-label": "Buttons of this message" });
  for (const row of rows) {
    keyboard.append(make("div", { class: "keys" }, ...row.map((button) => key(message, button, view))));
  }
  return keyboard;
}

function key(message, button, view) {
  const style = ["primary", "success", "danger"].includes(button.style) ? button.style : "";
  const label = make("span", { class: "key-text" }, button.text);
  if (button.url && isSafeLink(button.url)) {
    const onclick = (event) => view.actions.link(button.url) && event.preventDefault();
    const attributes = { class: `key ${style}`, href: button.url, target: "_blank", rel: "noopener noreferrer" };
    return make("a", { ...attributes, onclick }, label, icon("outward"));
  }
  const busy = button.callback_data !== undefined && view.busy.has(buttonKey(message, button));
  const onclick = () => view.actions.press(message, button);
  const attributes = { type: "button", class: `key ${style}`, "aria-busy": busy ? "true" : null, onclick };
  const element = make("button", attributes, label);
  if (busy) element.append(make("span", { class: "spinner" }));
  if (button.copy_text) element.append(icon("copy"));
  return element;
}

// ---- service messages

/** The grey line in the middle, or null for an ordinary message. */
export function serviceText(message) {
  if (message.migrate_to_chat_id || message.migrate_from_chat_id) return "This group is a supergroup now";
  if (message.group_chat_created) return "Group created";
  if (message.new_chat_members) return `${message.new_chat_members.map(nameOf).join(", ")} joined`;
  if (message.left_chat_member) return `${nameOf(message.left_chat_member)} left`;
  if (message.new_chat_title) return `The group is called “${message.new_chat_title}” now`;
  if (message.pinned_message) return "A message was pinned";
  return message.service ?? null;
}
