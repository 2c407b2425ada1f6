// How does a learner write? The line at the bottom: text, commands, attachments, and what a reply or an edit hangs on.

import { face, make } from "./dom.js";
import { summary } from "./bubbles.js";
import { openMenu } from "./popups.js";

const ATTACHMENTS = [
  { kind: "photo", label: "Photo", icon: "photo" },
  { kind: "voice", label: "Voice message", icon: "mic" },
  { kind: "sticker", label: "Sticker", icon: "smile" },
  { kind: "document", label: "File", icon: "file" },
  { kind: "location", label: "Location", icon: "pin" },
  { kind: "contact", label: "Contact", icon: "person" },
];
const TAKES_CAPTION = new Set(["photo", "voice", "document"]);

const $ = (id) => document.getElementById(id);

/** Wire the composer. `handlers`: submit(text, context), attach(kind, caption, context), lastOwn(), speak(learner). */
export function setUpComposer(handlers) {
  const input = $("input");
  const list = $("commands");
  let commands = [];
  let suffix = "";
  let chosen = 0;
  let context = null; // {mode: "reply" | "edit", message}

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

  // ---- the command list

  const matching = () => {
    const typed = /^\/([a-z0-9_]*)$/i.exec(input.value);
    return typed ? commands.filter((one) => one.command.startsWith(typed[1].toLowerCase())) : [];
  };
  const suggest = () => {
    const found = context?.mode === "edit" ? [] : matching();
    chosen = Math.min(chosen, Math.max(0, found.length - 1));
    list.hidden = found.length === 0;
    list.replaceChildren(...found.map((one, index) => commandRow(one, index)));
    if (found.length) input.setAttribute("aria-activedescendant", `command-${chosen}`);
    else input.removeAttribute("aria-activedescendant");
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
  };
  const commandRow = (one, index) => {
    const name = make("span", { class: "command-name" }, `/${one.command}`);
    const words = make("span", { class: "command-words" }, one.description);
    const row = make("div", { class: "command-row", role: "option", id: `command-${index}` }, name, words);
    row.setAttribute("aria-selected", String(index === chosen));
    row.addEventListener("click", () => submit(`/${one.command}${suffix}`));
    return row;
  };
  const closeList = () => {
    chosen = 0;
    list.hidden = true;
    input.removeAttribute("aria-activedescendant");
  };
  const listKey = (event) => {
    const found = matching();
    if (event.key === "Tab") fill(`/${found[chosen].command} `);
    else if (event.key === "Enter") submit(`/${found[chosen].command}${suffix}`);
    else if (event.key === "Escape") closeList();
    else {
      chosen = (chosen + (event.key === "ArrowDown" ? 1 : found.length - 1)) % found.length;
      suggest();
    }
  };

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
    closeList();
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
  input.addEventListener("input", () => (resize(), (chosen = 0), suggest()));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (!list.hidden && ["Tab", "Enter", "Escape", "ArrowDown", "ArrowUp"].includes(event.key) && !event.shiftKey) {
      event.preventDefault();
      listKey(event);
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit(input.value);
    } else if (event.key === "Escape") setContext(null);
    else if (event.key === "ArrowUp" && !input.value) {
      const own = handlers.lastOwn();
      if (own) (event.preventDefault(), setContext({ mode: "edit", message: own }));
    }
  });
  $("slash").addEventListener("click", () => {
    fill(list.hidden ? "/" : "");
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
    forget: () => (setContext(null), closeList()),
    /** The bot's commands; in a group they are sent as /command@bot, as Telegram's clients do. */
    setCommands: (next, groupSuffix) => {
      commands = next;
      suffix = groupSuffix;
      $("slash").hidden = commands.length === 0;
      if (!list.hidden) suggest();
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
export function replyKeyboard(markup, send) {
  const key = ({ text }) => {
    const label = make("span", { class: "key-text" }, text);
    return make("button", { type: "button", class: "key", onclick: () => send(text) }, label);
  };
  const rows = (markup?.keyboard ?? []).map((row) => make("div", { class: "keys" }, ...row.map(key)));
  $("reply-keyboard").hidden = rows.length === 0;
  $("reply-keyboard").replaceChildren(...rows);
}
