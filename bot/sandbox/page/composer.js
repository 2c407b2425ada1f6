// How does a learner write? The line at the bottom: text, commands, attachments, and what a reply or an edit hangs on.

import { face, make } from "./dom.js";
import { summary } from "./bubbles.js";
import { openMenu } from "./popups.js";
import { setUpSuggestions } from "./suggestions.js";

const ATTACHMENTS = [
  { kind: "photo", label: "Photo", icon: "photo" },
  { kind: "voice", label: "Voice message", icon: "mic" },
  { kind: "sticker", label: "Sticker", icon: "smile" },
  { kind: "document", label: "File", icon: "file" },
  { kind: "location", label: "Location", icon: "pin" },
  { kind: "contact", label: "Contact", icon: "person" },
];
const TAKES_CAPTION = new Set(["photo", "voice", "document"]);

/**
 * Wire the composer in `root`. `handlers`: submit(text, context), attach(kind, caption, context), lastOwn(),
 * inline(query), speak(learner).
 */
export function setUpComposer(root, number, handlers) {
  const $ = (name) => root.querySelector(`.${name}`);
  const input = $("input");
  const list = setUpSuggestions($("suggestions"), input, `suggestion-${number}`);
  let commands = [];
  let suffix = "";
  let bot = {};
  let context = null; // {mode: "reply" | "edit", message}
  $("suggestions").id = `suggestions-${number}`;
  input.setAttribute("aria-controls", $("suggestions").id);

  const resize = () => {
    input.style.height = "auto";
    input.style.height = `${Math.min(input.scrollHeight, 140)}px`;
    $("send").classList.toggle("ready", input.value.trim() !== "");
  };
  const fill = (text) => {
    input.value = text;
    resize();
    suggest();
  };

  // ---- what the line could be meant to become

  /** What stands behind the bot's name at the beginning, or null. */
  const behindName = () => {
    const name = `@${bot.username} `.toLowerCase();
    const isNamed = bot.username && context?.mode !== "edit" && input.value.toLowerCase().startsWith(name);
    return isNamed ? input.value.slice(name.length) : null;
  };
  const suggest = () => {
    handlers.inline(behindName());
    const typed = /^\/([a-z0-9_]*)$/i.exec(input.value);
    const fits = (one) => typed && context?.mode !== "edit" && one.command.startsWith(typed[1].toLowerCase());
    list.show(commands.filter(fits).map(asSuggestion), 0);
  };
  const asSuggestion = (one) => ({
    head: `/${one.command}`,
    words: one.description,
    pick: () => submit(`/${one.command}${suffix}`),
    fill: () => fill(`/${one.command} `),
  });

  // ---- what the message hangs on

  const setContext = (next) => {
    const wasEdit = context?.mode === "edit";
    context = next;
    $("context").hidden = !next;
    if (next) {
      $("context-title").textContent = next.mode === "edit" ? "Edit message" : `Reply to ${next.name}`;
      $("context-text").textContent = summary(next.message);
      if (next.mode === "edit") fill(next.message.text ?? "");
      input.focus();
    } else if (wasEdit) fill("");
  };

  // ---- sending

  /** The line is cleared at once and given back when the sandbox refuses: what was typed is never lost. */
  const submit = async (text) => {
    if (!text.trim()) return;
    const before = { text: input.value, context };
    context = null;
    setContext(null);
    fill("");
    list.close();
    input.focus();
    const accepted = await handlers.submit(text.trim(), before.context);
    if (accepted || input.value) return;
    setContext(before.context);
    fill(before.text);
  };
  const attach = async (kind) => {
    const caption = TAKES_CAPTION.has(kind) ? input.value.trim() : "";
    if (await handlers.attach(kind, caption, context)) {
      setContext(null);
      if (caption) fill("");
    }
  };

  $("composer").addEventListener("submit", (event) => (event.preventDefault(), submit(input.value)));
  input.addEventListener("input", () => (resize(), suggest()));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (list.key(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit(input.value);
    } else if (event.key === "Escape") setContext(null);
    else if (event.key === "ArrowUp" && !input.value) {
      const own = handlers.lastOwn();
      if (own) (event.preventDefault(), setContext({ mode: "edit", message: own }));
    }
  });
  $("slash").addEventListener("click", () => {
    fill(list.isOpen() ? "" : "/");
    input.focus();
  });
  $("address").addEventListener("click", () => {
    if (!input.value.startsWith(`@${bot.username}`)) fill(`@${bot.username} ${input.value}`);
    input.focus();
  });
  $("attach").addEventListener("click", () => {
    const items = ATTACHMENTS.map((one) => ({ ...one, act: () => attach(one.kind) }));
    openMenu($("attach"), "Send something else", items);
  });
  $("context-close").addEventListener("click", () => (setContext(null), input.focus()));

  return {
    fill,
    focus: () => input.focus(),
    reply: (message, name) => setContext({ mode: "reply", message, name }),
    edit: (message) => setContext({ mode: "edit", message }),
    forget: () => (setContext(null), list.close()),
    /** The bot's commands; in a group they are sent as /command@bot, as Telegram's clients do. */
    setCommands: (next, groupSuffix) => {
      commands = next;
      suffix = groupSuffix;
      $("slash").hidden = commands.length === 0;
      if (list.isOpen()) suggest();
    },
    /** The bot's name; in a group a button addresses it. */
    setBot: (next, isGroup) => {
      bot = next;
      $("address").hidden = !isGroup || !bot.username;
      $("address").setAttribute("aria-label", `Address @${bot.username}`);
    },
    /** Cards of the inline mode, as long as the line asks for them; none is chosen before an arrow key is pressed. */
    offer: (cards) => behindName() !== null && list.show(cards, -1),
    topic: () => Number($("topic").value) || undefined,
    /** In a forum: which topic the next message goes to. */
    setTopics: (topics) => {
      $("topic").hidden = topics.length === 0;
      if ($("topic").children.length === topics.length + 1) return;
      const named = topics.map((id, index) => make("option", { value: id }, `Topic ${index + 1}`));
      $("topic").replaceChildren(make("option", { value: "" }, "General"), ...named);
    },
    /** In a group: whose voice the next message has. */
    setSpeaker: (learner, members) => {
      $("speaker").hidden = members.length < 2;
      $("speaker").replaceChildren(face(learner));
      $("speaker").setAttribute("aria-label", `Speaking as ${learner.first_name}. Change`);
      const choice = (one) => ({ label: one.first_name, icon: "person", act: () => handlers.speak(one) });
      $("speaker").onclick = () => openMenu($("speaker"), "Speak as", members.map(choice));
    },
  };
}

/** The bot's own keyboard above the line (reply keyboards); a press sends its text. */
export function replyKeyboard(holder, markup, send) {
  const key = ({ text }) => {
    const label = make("span", { class: "key-text" }, text);
    return make("button", { type: "button", class: "key", onclick: () => send(text) }, label);
  };
  const rows = (markup?.keyboard ?? []).map((row) => make("div", { class: "keys" }, ...row.map(key)));
  holder.hidden = rows.length === 0;
  holder.replaceChildren(...rows);
}
