// What does a learner see and do in one chat? Keeps what the server said, draws it, passes on what is pressed.
// Optimistic about nothing: a message is in the log because the server brought it, never because it was sent.

import { api, SandboxError } from "./api.js";
import { buttonKey, serviceLine } from "./bubbles.js";
import { replyKeyboard, setUpComposer } from "./composer.js";
import { face, nameOf } from "./dom.js";
import { setUpInline } from "./inline.js";
import { setUpLog } from "./log.js";
import { chosenBy, isRight } from "./poll.js";
import { box, confetti, copy, openMenu, toast, zoom } from "./popups.js";

const CALLBACK_PATIENCE = 15_000; // milliseconds a pressed button turns, as in Telegram's clients
const TYPING_LASTS = 5_500; // milliseconds; Telegram says "5 seconds or less"
const MOST_SHOWN = 500; // messages drawn at once
const BLOCKED = "You blocked the bot. It cannot write to you any more.";
const NOT_READY = "The bot is getting ready; the first time takes some minutes. What you write is answered then.";
const ACTIVITIES = { upload_photo: "sending a photo", upload_document: "sending a file", record_voice: "recording" };

let made = 0;

/**
 * A pane with one chat. `desk` is what all chats share: facts() {bot, learners, chats, operators, listening, online},
 * state(chatId) -> all of one chat, changed(chat), open(chatId) -> chat, startOver().
 */
export function openChat(chatId, me, desk) {
  const root = document.getElementById("chat-template").content.firstElementChild.cloneNode(true);
  const $ = (name) => root.querySelector(`.${name}`);
  const busy = new Map(); // key of a pressed button -> timer
  const ballots = new Map(); // poll id -> option ids on their way
  const now = { chatId, me: me ?? chatId, typing: "", blocked: false, commands: [], description: "" };
  let early = []; // events that came while the state was on its way
  let asking = 0; // grows with every fetch of the state, so that only the newest is shown
  let typingTimer;

  const facts = desk.facts;
  const say = (text) => toast(text, $("toast"));
  const isGroup = () => now.chatId < 0; // Telegram's ids: people above zero, groups below
  const chat = () => facts().chats.find((one) => one.id === now.chatId) ?? { id: now.chatId };
  const learner = (id) => facts().learners.find((one) => one.id === id) ?? { id, first_name: "Someone" };
  const members = () => facts().learners.filter((one) => (chat().learner_ids ?? []).includes(one.id));

  // ---- what the server says

  /** Fetch the state, then what came meanwhile. Resolves to false where the sandbox does not know this chat. */
  async function refresh() {
    const turn = ++asking;
    early ??= [];
    try {
      const state = await desk.state(now.chatId);
      if (turn !== asking) return true;
      show(state);
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      return !error.refused;
    }
    const missed = early;
    early = null;
    missed.forEach(([name, data]) => reactions[name](data));
    return true;
  }

  function show(state) {
    const isFirst = now.chatId !== state.chat_id || log.messages.size === 0;
    Object.assign(now, { chatId: state.chat_id, blocked: state.blocked, commands: state.commands });
    now.description = state.description || state.short_description;
    if (isGroup() && !members().some((one) => one.id === now.me)) now.me = members()[0]?.id ?? now.me;
    if (!isGroup()) now.me = now.chatId;
    const stay = new Set(state.messages.map((message) => message.message_id));
    [...log.messages.keys()].filter((id) => !stay.has(id)).forEach(log.forget);
    setTyping(state.typing);
    composer.setCommands(state.commands, isGroup() ? `@${facts().bot.username}` : "");
    const draw = () => log.keepPlace(() => state.messages.slice(-MOST_SHOWN).forEach(log.put), isFirst);
    if (isFirst) log.quietly(draw);
    else draw();
    desk.changed(self);
  }

  const reactions = {
    message: (message) => {
      const mine = message.from?.id === now.me;
      if (message.from?.is_bot) setTyping(false);
      if (!mine) log.count(message);
      log.keepPlace(() => log.put(message), mine);
      if (message.migrate_to_chat_id) desk.replace(self, message.migrate_to_chat_id, now.me);
    },
    edited: (message) => log.keepPlace(() => log.put(message)),
    deleted: (gone) => log.keepPlace(() => log.forget(gone.message_id)),
    typing: ({ typing, action }) => setTyping(typing, action),
    callback_answer: (answer) => answered(answer),
    poll: (change) => pollChanged(change.message_id, change.poll),
    reaction: (change) => {
      const message = log.messages.get(change.message_id);
      if (message) log.keepPlace(() => log.put({ ...message, reaction: change.reaction }));
    },
  };

  function pollChanged(id, poll) {
    const message = log.messages.get(id);
    if (!message) return;
    log.keepPlace(() => log.put({ ...message, poll }));
    const justVoted = !chosenBy(message.poll, now.me);
    if (justVoted && isRight(poll, chosenBy(poll, now.me))) confetti(log.element(id).querySelector(".bubble"));
  }

  // ---- drawing what is around the log

  /** Header, caption, and which of the three feet is shown. */
  function drawAround() {
    drawHeader();
    const fresh = log.messages.size === 0 && !now.blocked;
    $("intro").hidden = !fresh || isGroup();
    $("intro-text").textContent = now.description || `Say hello to ${nameOf(facts().bot)}.`;
    $("start").hidden = !fresh || isGroup();
    $("unblock").hidden = !now.blocked;
    $("composer").hidden = (fresh && !isGroup()) || now.blocked;
    $("notice").replaceChildren(...notices(fresh).map(serviceLine));
    composer.setSpeaker(learner(now.me), isGroup() ? members() : []);
    composer.setBot(facts().bot, isGroup());
    composer.setTopics(chat().topics ?? []);
    replyKeyboard($("reply-keyboard"), now.blocked ? null : newestReplyKeyboard(), actions.say);
  }

  function notices(fresh) {
    if (now.blocked) return [BLOCKED];
    if (!facts().listening) return [NOT_READY];
    const heard = `Here the bot hears commands, replies to it, and what is addressed to @${facts().bot.username}.`;
    return fresh && isGroup() && chat().privacy !== false ? [heard] : [];
  }

  /** The last word the bot had on its own keyboard: a keyboard, or that it is removed. */
  function newestReplyKeyboard() {
    const markups = [...log.messages.values()].map((one) => one.reply_markup);
    return markups.findLast((one) => one && !one.inline_keyboard);
  }

  const title = () => (isGroup() ? nameOf(chat()) : nameOf(facts().bot));
  const owner = () => (isGroup() ? nameOf(chat()) : learner(now.chatId).first_name);

  function drawHeader() {
    const { bot, online, operators } = facts();
    $("title").textContent = title();
    $("face-slot").replaceChildren(face(isGroup() ? chat() : { ...bot, is_bot: true }));
    const who = `${isGroup() ? `${members().length + 1} members` : "bot"}, you are ${learner(now.me).first_name}`;
    $("status").classList.toggle("typing", online && Boolean(now.typing));
    $("status").textContent = online ? now.typing || who : "connecting…";
    $("owner").textContent = owner();
    $("owner-face").replaceChildren(face(isGroup() ? chat() : learner(now.chatId)));
    $("badge").hidden = !operators.includes(now.chatId);
    root.setAttribute("aria-label", `Chat of ${owner()}`);
    $("close-chat").setAttribute("aria-label", `Close the chat of ${owner()}`);
  }

  function setTyping(typing, action) {
    clearTimeout(typingTimer);
    now.typing = typing ? (ACTIVITIES[action] ?? "typing") : "";
    if (typing) typingTimer = setTimeout(() => setTyping(false), TYPING_LASTS);
    drawHeader();
  }

  // ---- what the learner does

  /** Run a call; a refusal becomes a toast. Resolves to whether it went well. */
  async function attempt(call) {
    try {
      await call();
      return true;
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error;
      say(error.message);
      return false;
    }
  }

  let saying = Promise.resolve(); // one after another: the order of the lines is the order they were typed in

  function sayInOrder(message) {
    const body = { chat_id: now.chatId, from_id: now.me, topic: composer.topic(), ...message };
    saying = saying.then(() => attempt(() => api.say(body)));
    return saying;
  }

  const actions = {
    say: (text) => sayInOrder({ text }),
    command: (raw) => actions.say(isGroup() && !raw.includes("@") ? `${raw}@${facts().bot.username}` : raw),
    /** A link to this very bot is a start with a payload, in the learner's own chat; true where we took care of it. */
    link: (address) => {
      const link = new URL(address);
      const isOurs = link.host === "t.me" && link.pathname.toLowerCase() === `/${facts().bot.username.toLowerCase()}`;
      const payload = link.searchParams.get("start");
      if (!isOurs || payload === null) return false;
      desk.startWith(now.me, payload);
      return true;
    },
    press: (message, button) => {
      if (button.callback_data !== undefined) return press(message, button);
      if (button.copy_text) return copy(button.copy_text.text, say);
      say("The sandbox does not know this kind of button.");
    },
    vote: async (poll, optionIds) => {
      ballots.set(poll.id, optionIds);
      redrawPoll(poll.id);
      await attempt(() => api.vote({ poll_id: poll.id, learner_id: now.me, option_ids: optionIds }));
      ballots.delete(poll.id);
      redrawPoll(poll.id);
    },
    more: (message, anchor) => openMenu(anchor, "Message actions", choicesFor(message)),
    show: (message) => {
      const row = log.element(message.message_id);
      row?.scrollIntoView({ block: "center" });
      row?.classList.add("pointed");
      setTimeout(() => row?.classList.remove("pointed"), 1200);
    },
    copy: (text) => copy(text, say),
    zoom,
  };

  function redrawPoll(pollId) {
    const message = [...log.messages.values()].find((one) => one.poll?.id === pollId);
    if (message) log.redraw(message.message_id);
  }

  function choicesFor(message) {
    const mine = message.from?.id === now.me;
    const text = message.text ?? message.caption ?? message.poll?.question;
    const name = mine ? "yourself" : nameOf(message.from);
    return [
      { label: "Reply", icon: "reply", act: () => composer.reply(message, name) },
      ...(text ? [{ label: "Copy text", icon: "copy", act: () => actions.copy(text) }] : []),
      ...(mine && message.text ? [{ label: "Edit", icon: "pencil", act: () => composer.edit(message) }] : []),
    ];
  }

  function press(message, button) {
    const key = buttonKey(message, button);
    if (busy.has(key)) return;
    busy.set(key, setTimeout(() => release(key), CALLBACK_PATIENCE));
    log.redraw(message.message_id);
    const where = { chat_id: now.chatId, message_id: message.message_id };
    const pressing = attempt(() => api.press({ ...where, callback_data: button.callback_data, from_id: now.me }));
    pressing.then((pressed) => pressed || release(key));
  }

  function release(key) {
    clearTimeout(busy.get(key));
    busy.delete(key);
    log.redraw(Number(key.split(" ", 1)[0]));
  }

  /** The bot's word on a press; answers come in the order of the presses where they do not name their message. */
  function answered(answer) {
    if (answer.learner_id !== undefined && answer.learner_id !== now.me) return;
    const named = answer.message_id === undefined ? null : `${answer.message_id} ${answer.callback_data}`;
    const key = busy.has(named) ? named : busy.keys().next().value;
    if (key !== undefined) release(key);
    if (!answer.text) return;
    if (answer.show_alert) box(nameOf(facts().bot), answer.text);
    else say(answer.text);
  }

  // ---- put together

  const view = () => ({ me: now.me, isGroup: isGroup(), topics: chat().topics ?? [], busy, ballots, actions });
  const log = setUpLog(root, { view, around: drawAround });

  const composer = setUpComposer(root, ++made, {
    submit: (text, context) => {
      const about = context?.message.message_id;
      if (context?.mode !== "edit") return sayInOrder({ text, reply_to: about });
      return attempt(() => api.edit({ chat_id: now.chatId, message_id: about, text }));
    },
    attach: (kind, caption, context) => sayInOrder({ kind, caption, reply_to: context?.message.message_id }),
    lastOwn: () => [...log.messages.values()].filter((one) => one.from?.id === now.me && one.text).pop(),
    inline: (query) => inline.typed(query),
    speak: (one) => {
      now.me = one.id;
      log.keepPlace(() => log.messages.forEach(log.put));
      desk.changed(self);
    },
  });

  const inline = setUpInline({
    who: () => ({ learnerId: now.me, chatType: isGroup() ? chat().type : "sender" }),
    offer: (answer, queryId) => composer.offer(cardsOf(answer, queryId)),
  });

  /** The button above the cards, then the cards; the query is what the learner typed. */
  function cardsOf({ results, button }, queryId) {
    const start = () => (composer.fill(""), desk.startWith(now.me, button.start_parameter));
    const first = button ? [{ head: button.text, words: "Opens the chat with the bot", pick: start, aside: true }] : [];
    const choose = (id) => attempt(() => api.chooseCard({ query_id: queryId, result_id: id, chat_id: now.chatId }));
    const pick = async (id) => (await choose(id)) && composer.fill("");
    const card = ({ id, title: head, description: words }) => ({ head, words, tall: true, pick: () => pick(id) });
    return [...first, ...results.map(card)];
  }

  async function thenRefresh(call) {
    if (await attempt(call)) refresh();
  }

  const ownChoice = () => {
    const migrate = () => attempt(() => api.migrate(now.chatId));
    if (isGroup()) return { label: "Make it a supergroup", icon: "people", act: migrate };
    return now.blocked
      ? { label: "Unblock the bot", icon: "block", act: () => thenRefresh(() => api.unblock(now.chatId)) }
      : { label: "Block the bot", icon: "block", act: () => thenRefresh(() => api.block(now.chatId)) };
  };
  $("open-menu").addEventListener("click", (event) => {
    openMenu(event.currentTarget, "Chat", [...desk.choices(), ownChoice()]);
  });
  // Who types while the messages have the focus means the line below them.
  $("log").addEventListener("keydown", (event) => {
    const types = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (types && event.target === event.currentTarget && !$("composer").hidden) composer.focus();
  });
  $("start").addEventListener("click", () => (actions.say("/start"), log.focus()));
  $("unblock").addEventListener("click", () => thenRefresh(() => api.unblock(now.chatId)));

  const self = {
    root,
    chatId: () => now.chatId,
    me: () => now.me,
    title,
    toast: say,
    actions,
    refresh,
    /** Something happened in this chat; what comes before the state is kept until it is there. */
    react: (name, data) => {
      if (!reactions[name]) return;
      if (early) early.push([name, data]);
      else reactions[name](data);
    },
    /** Facts that all chats share have changed. */
    redraw: drawAround,
    retime: log.arrange,
    cards: inline.answered,
    focus: () => ($("composer").hidden ? $("start").hidden ? log : $("start") : composer).focus(),
    close: () => (log.close(), root.remove()),
  };
  return self;
}
