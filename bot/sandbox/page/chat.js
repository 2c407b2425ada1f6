// What does the learner see and do? The conductor: keeps what the server said, draws it, passes on what is pressed.
// Optimistic about nothing: a message is in the log because the server brought it, never because it was sent.

import { api, listen, SandboxError } from "./api.js";
import { buttonKey, messageRow, serviceLine } from "./bubbles.js";
import { replyKeyboard, setUpComposer } from "./composer.js";
import { dayName, face, make, nameOf } from "./dom.js";
import { setUpDrawer } from "./drawer.js";
import { chosenBy, isRight } from "./poll.js";
import { box, confetti, copy, openMenu, toast, zoom } from "./popups.js";

const CALLBACK_PATIENCE = 15_000; // milliseconds a pressed button turns, as in Telegram's clients
const TYPING_LASTS = 5_500; // milliseconds; Telegram says "5 seconds or less"
const NEAR_END = 60; // pixels from the end that still count as the end
const RUN_GAP = 300; // seconds; bubbles of one speaker that follow closer make one run
const MOST_SHOWN = 500; // messages drawn at once
const BLOCKED = "You blocked the bot. It cannot write to you any more.";
const NOT_READY = "The bot is getting ready; the first time takes some minutes. What you write is answered then.";
const RECONNECT = { first: 500, most: 8_000 }; // milliseconds

const $ = (id) => document.getElementById(id);
const log = $("log");

const now = {
  chatId: 0,
  me: 0,
  bot: { first_name: "Sandbox" },
  learners: [],
  chats: [],
  blocked: false,
  online: false,
  listening: false, // the bot has asked for messages
  messages: new Map(), // message_id -> message
  rows: new Map(), // message_id -> {element, drawn}
  busy: new Map(), // key of a pressed button -> timer
  ballots: new Map(), // poll id -> option ids on their way
  unread: 0,
  atEnd: true, // the reader sees the newest message
};
let stream = null;
let early = null; // events that came while the state was on its way
let asking = 0; // grows with every fetch of the state, so that only the newest is shown
let visit = 0; // grows with every chat entered, so that answers for a chat one has left are dropped
let pause = RECONNECT.first;

// ---- coming in, losing the line, coming back

const asked = () => {
  const [, chat, as] = /^#(-?\d+)(?:\/(\d+))?$/.exec(location.hash) ?? [];
  return { chatId: Number(chat) || null, me: Number(as) || null };
};

async function enter(chatId, me) {
  const mine = ++visit;
  stream?.close();
  now.me = me ?? (chatId > 0 ? chatId : now.me);
  early = null;
  try {
    const state = await stateOf(chatId);
    if (mine !== visit) return;
    show(state);
  } catch (error) {
    return lost(mine, error);
  }
  remember();
  stream = listen(now.chatId, {
    onOpen: () => mine === visit && refresh(mine),
    onLost: () => lost(mine),
    onEvent: (name, data) => mine === visit && (early ? early.push([name, data]) : reactions[name](data)),
  });
}

/** The state of a chat, or of the first learner's where that one is unknown (the sandbox may have started anew). */
async function stateOf(chatId) {
  if (chatId) {
    try {
      return { ...(await api.state(chatId)), chatId };
    } catch (error) {
      if (!(error instanceof SandboxError) || !error.refused) throw error;
    }
  }
  const state = await api.state();
  return { ...state, chatId: state.chat_id };
}

async function refresh(mine) {
  const turn = ++asking;
  early ??= [];
  try {
    const state = await api.state(now.chatId);
    if (mine !== visit || turn !== asking) return;
    pause = RECONNECT.first;
    now.online = true;
    show({ ...state, chatId: now.chatId });
    const missed = early;
    early = null;
    missed.forEach(([name, data]) => reactions[name](data));
  } catch (error) {
    lost(mine, error);
  }
}

function lost(mine, error = null) {
  if (error && !(error instanceof SandboxError)) throw error;
  if (mine !== visit) return;
  if (error?.refused) toast(error.message);
  stream?.close();
  now.online = false;
  drawHeader();
  setTimeout(() => mine === visit && enter(now.chatId || asked().chatId, now.me), pause);
  pause = Math.min(pause * 2, RECONNECT.most);
}

function remember() {
  const hash = isGroup() ? `#${now.chatId}/${now.me}` : `#${now.chatId}`;
  if (location.hash !== hash) history.replaceState(null, "", hash);
}

// ---- what the server says

const chat = () => now.chats.find((one) => one.id === now.chatId) ?? { id: now.chatId };
const isGroup = () => now.chatId < 0; // Telegram's ids: people above zero, groups below
const learner = (id) => now.learners.find((one) => one.id === id) ?? { id, first_name: "Someone" };

function members() {
  const ids = chat().learner_ids;
  return ids ? now.learners.filter((one) => ids.includes(one.id)) : now.learners;
}

function show(state) {
  const changed = now.chatId !== state.chatId;
  now.chatId = state.chatId;
  now.bot = state.bot;
  now.description = state.description || state.short_description;
  now.learners = state.learners;
  now.chats = state.chats;
  now.blocked = state.blocked;
  now.listening = state.listening;
  if (isGroup() && !members().some((one) => one.id === now.me)) now.me = members()[0]?.id ?? now.me;
  if (!isGroup()) now.me = now.chatId;
  if (changed) clearLog();
  const stay = new Set(state.messages.map((message) => message.message_id));
  [...now.messages.keys()].filter((id) => !stay.has(id)).forEach(forget);
  log.setAttribute("aria-live", changed ? "off" : "polite");
  setTyping(state.typing);
  composer.setCommands(state.commands, isGroup() ? `@${now.bot.username}` : "");
  keepPlace(() => state.messages.slice(-MOST_SHOWN).forEach(put), changed);
  setTimeout(() => log.setAttribute("aria-live", "polite"), 300);
}

function clearLog() {
  now.busy.forEach(clearTimeout);
  [now.messages, now.rows, now.busy, now.ballots].forEach((map) => map.clear());
  now.unread = 0;
  $("messages").replaceChildren();
  composer.forget();
}

const reactions = {
  message: (message) => {
    const mine = message.from?.id === now.me;
    if (message.from?.is_bot) setTyping(false);
    if (!mine && !now.atEnd && !now.messages.has(message.message_id)) now.unread += 1;
    keepPlace(() => put(message), mine);
    if (message.migrate_to_chat_id) enter(message.migrate_to_chat_id, now.me);
  },
  edited: (message) => keepPlace(() => put(message)),
  deleted: (gone) => keepPlace(() => forget(gone.message_id)),
  typing: ({ typing, action }) => setTyping(typing, action),
  callback_answer: (answer) => answered(answer),
  poll: (change) => pollChanged(change.message_id, change.poll),
  reaction: (change) => {
    const message = now.messages.get(change.message_id);
    if (message) keepPlace(() => put({ ...message, reaction: change.reaction }));
  },
  commands: () => refresh(visit),
  listening: () => refresh(visit),
  reset: () => {
    now.chatId = 0; // message numbers begin anew: nothing of the old chat may stay
    enter(null);
  },
};

function pollChanged(id, poll) {
  const message = now.messages.get(id);
  if (!message) return;
  keepPlace(() => put({ ...message, poll }));
  const justVoted = !chosenBy(message.poll, now.me);
  if (justVoted && isRight(poll, chosenBy(poll, now.me))) confetti(now.rows.get(id).element.querySelector(".bubble"));
}

// ---- drawing

const view = () => ({ me: now.me, isGroup: isGroup(), busy: now.busy, ballots: now.ballots, actions });

/** Draw a message where its number puts it; one that looks as before is left alone, so open spoilers stay open. */
function put(message) {
  const { message_id: id } = message;
  now.messages.set(id, message);
  const ballot = message.poll ? now.ballots.get(message.poll.id) : null;
  const keys = [...now.busy.keys()].filter((key) => key.startsWith(`${id} `));
  const drawn = JSON.stringify([message, now.me, ballot, keys]);
  const old = now.rows.get(id);
  if (old?.drawn === drawn) return;
  const element = messageRow(message, view());
  element.dataset.id = id;
  element.dataset.date = message.date;
  element.dataset.from = message.from?.id ?? "";
  now.rows.set(id, { element, drawn });
  if (old) swap(old.element, element);
  else insert(element, id);
  arrange();
}

/** Replace a row; the keyboard's focus stays on the control that stood at the same place. */
function swap(old, element) {
  const controls = (row) => [...row.querySelectorAll("button, a, [tabindex]")];
  const place = controls(old).indexOf(document.activeElement);
  element.classList.add("still");
  old.replaceWith(element);
  if (place >= 0) (controls(element)[place] ?? log).focus({ preventScroll: true });
}

function insert(element, id) {
  const later = [...$("messages").children].find((row) => Number(row.dataset.id) > id);
  $("messages").insertBefore(element, later ?? null);
}

/** Lines between days, and runs of one speaker: only the last bubble of a run has its corner and face. */
function arrange() {
  const rows = [...$("messages").children].filter((one) => one.dataset.id);
  const near = (one, other) => Math.abs(one.dataset.date - other.dataset.date) < RUN_GAP;
  const together = (one, other) => one && other && one.dataset.from === other.dataset.from && near(one, other);
  rows.forEach((row, index) => {
    const [before, after] = [rows[index - 1], rows[index + 1]];
    row.classList.toggle("first", !together(before, row));
    row.classList.toggle("last", !together(row, after));
    const day = dayName(row.dataset.date);
    const line = row.previousElementSibling?.matches(".day") ? row.previousElementSibling : null;
    if (before && dayName(before.dataset.date) === day) line?.remove();
    else if (!line) row.before(make("p", { class: "day" }, day));
  });
}

function forget(id) {
  const row = now.rows.get(id)?.element;
  const [line, next] = [row?.previousElementSibling, row?.nextElementSibling];
  if (line?.matches(".day") && !next?.dataset.id) line.remove();
  row?.remove();
  now.rows.delete(id);
  now.messages.delete(id);
  arrange();
}

function redraw(id) {
  if (now.messages.has(id)) keepPlace(() => put(now.messages.get(id)));
}

/** Change the log, draw what depends on it, and stay at its end where the reader was there. */
function keepPlace(change, force = false) {
  const stay = force || now.atEnd;
  change();
  drawAround();
  if (stay) toEnd();
  else look();
}

function toEnd() {
  log.scrollTop = log.scrollHeight;
  look();
}

/** Where does the reader look? At the end nothing is unread. */
function look() {
  now.atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
  if (now.atEnd) now.unread = 0;
  $("to-end").hidden = now.atEnd;
  $("unread").textContent = now.unread || "";
  $("to-end").setAttribute("aria-label", `To the newest message${now.unread ? `, ${now.unread} unread` : ""}`);
}

/** Everything around the log: header, drawer, and which of the three feet is shown. */
function drawAround() {
  drawHeader();
  drawer.show({ learners: now.learners, chats: now.chats, chatId: now.chatId });
  const fresh = now.messages.size === 0 && !isGroup() && !now.blocked;
  $("intro").hidden = !fresh;
  $("intro-text").textContent = now.description || `Say hello to ${nameOf(now.bot)}.`;
  $("start").hidden = !fresh;
  $("unblock").hidden = !now.blocked;
  $("composer").hidden = fresh || now.blocked;
  $("notice").replaceChildren(now.blocked ? serviceLine(BLOCKED) : now.listening ? "" : serviceLine(NOT_READY));
  composer.setSpeaker(learner(now.me), isGroup() ? members() : []);
  replyKeyboard(now.blocked ? null : newestReplyKeyboard(), actions.say);
}

/** The last word the bot had on its own keyboard: a keyboard, or that it is removed. */
function newestReplyKeyboard() {
  const markups = [...now.messages.values()].map((one) => one.reply_markup);
  return markups.findLast((one) => one && !one.inline_keyboard);
}

function drawHeader() {
  const title = isGroup() ? nameOf(chat()) : nameOf(now.bot);
  $("title").textContent = title;
  document.title = `${title} · sandbox`;
  $("face").replaceChildren(face(isGroup() ? chat() : { ...now.bot, is_bot: true }));
  $("about-name").textContent = nameOf(now.bot);
  const who = `${isGroup() ? `${members().length + 1} members` : "bot"}, you are ${learner(now.me).first_name}`;
  $("status").classList.toggle("typing", now.online && Boolean(now.typing));
  $("status").textContent = now.online ? now.typing || who : "connecting…";
}

const ACTIVITIES = { upload_photo: "sending a photo", upload_document: "sending a file", record_voice: "recording" };
let typingTimer;

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
    toast(error.message);
    return false;
  }
}

let saying = Promise.resolve(); // one after another: the order of the lines is the order they were typed in

function sayInOrder(message) {
  const body = { chat_id: now.chatId, from_id: now.me, ...message };
  saying = saying.then(() => attempt(() => api.say(body)));
  return saying;
}

const actions = {
  say: (text) => sayInOrder({ text }),
  command: (raw) => actions.say(isGroup() && !raw.includes("@") ? `${raw}@${now.bot.username}` : raw),
  /** A link to this very bot is a start with a payload, as in Telegram; true where the page took care of it. */
  link: (address) => {
    const link = new URL(address);
    const isOurs = link.host === "t.me" && link.pathname.toLowerCase() === `/${now.bot.username.toLowerCase()}`;
    const payload = link.searchParams.get("start");
    if (!isOurs || payload === null) return false;
    actions.say(`/start ${payload}`.trim());
    return true;
  },
  press: (message, button) => {
    if (button.callback_data !== undefined) return press(message, button);
    if (button.copy_text) return copy(button.copy_text.text);
    toast("The sandbox does not know this kind of button.");
  },
  vote: async (poll, optionIds) => {
    now.ballots.set(poll.id, optionIds);
    redrawPoll(poll.id);
    await attempt(() => api.vote({ poll_id: poll.id, learner_id: now.me, option_ids: optionIds }));
    now.ballots.delete(poll.id);
    redrawPoll(poll.id);
  },
  more: (message, anchor) => openMenu(anchor, "Message actions", choicesFor(message)),
  show: (message) => {
    const row = now.rows.get(message.message_id)?.element;
    row?.scrollIntoView({ block: "center" });
    row?.classList.add("pointed");
    setTimeout(() => row?.classList.remove("pointed"), 1200);
  },
  copy,
  zoom,
};

function redrawPoll(pollId) {
  const message = [...now.messages.values()].find((one) => one.poll?.id === pollId);
  if (message) redraw(message.message_id);
}

function choicesFor(message) {
  const mine = message.from?.id === now.me;
  const text = message.text ?? message.caption ?? message.poll?.question;
  const name = mine ? "yourself" : nameOf(message.from);
  return [
    { label: "Reply", icon: "reply", act: () => composer.reply(message, name) },
    ...(text ? [{ label: "Copy text", icon: "copy", act: () => copy(text) }] : []),
    ...(mine && message.text ? [{ label: "Edit", icon: "pencil", act: () => composer.edit(message) }] : []),
  ];
}

function press(message, button) {
  const key = buttonKey(message, button);
  if (now.busy.has(key)) return;
  now.busy.set(key, setTimeout(() => release(key), CALLBACK_PATIENCE));
  redraw(message.message_id);
  const where = { chat_id: now.chatId, message_id: message.message_id };
  const pressing = attempt(() => api.press({ ...where, callback_data: button.callback_data, from_id: now.me }));
  pressing.then((pressed) => pressed || release(key));
}

function release(key) {
  clearTimeout(now.busy.get(key));
  now.busy.delete(key);
  redraw(Number(key.split(" ", 1)[0]));
}

/** The bot's word on a press; answers come in the order of the presses where they do not name their message. */
function answered(answer) {
  if (answer.learner_id !== undefined && answer.learner_id !== now.me) return;
  const named = answer.message_id === undefined ? null : `${answer.message_id} ${answer.callback_data}`;
  const key = now.busy.has(named) ? named : now.busy.keys().next().value;
  if (key !== undefined) release(key);
  if (!answer.text) return;
  if (answer.show_alert) box(nameOf(now.bot), answer.text);
  else toast(answer.text);
}

const composer = setUpComposer({
  submit: (text, context) => {
    const about = context?.message.message_id;
    if (context?.mode !== "edit") return sayInOrder({ text, reply_to: about });
    return attempt(() => api.edit({ chat_id: now.chatId, message_id: about, text }));
  },
  attach: (kind, caption, context) => sayInOrder({ kind, caption, reply_to: context?.message.message_id }),
  lastOwn: () => [...now.messages.values()].filter((one) => one.from?.id === now.me && one.text).pop(),
  speak: (one) => {
    now.me = one.id;
    keepPlace(() => now.messages.forEach(put));
    remember();
  },
});

const drawer = setUpDrawer({
  go: (chatId) => enter(chatId),
  addLearner: (fields) => attempt(async () => enter((await api.addLearner(fields)).chat_id)),
  addGroup: (fields) => attempt(async () => enter((await api.addGroup(fields)).chat_id, now.me)),
});

// ---- the header's menu and the feet

async function thenRefresh(call) {
  if (await attempt(call)) refresh(visit);
}

async function startOver() {
  const warning = "The sandbox forgets every chat, learner and group. The bot keeps what it has stored.";
  if (await box("Start over?", warning, { confirm: "Forget everything" })) attempt(api.reset);
}

$("open-menu").addEventListener("click", (event) => {
  const own = isGroup()
    ? { label: "Make it a supergroup", icon: "people", act: () => attempt(() => api.migrate(now.chatId)) }
    : now.blocked
      ? { label: "Unblock the bot", icon: "block", act: () => thenRefresh(() => api.unblock(now.chatId)) }
      : { label: "Block the bot", icon: "block", act: () => thenRefresh(() => api.block(now.chatId)) };
  openMenu(event.currentTarget, "Chat", [own, { label: "Start over", icon: "broom", danger: true, act: startOver }]);
});
$("start").addEventListener("click", () => actions.say("/start"));
$("unblock").addEventListener("click", () => thenRefresh(() => api.unblock(now.chatId)));
$("to-end").addEventListener("click", toEnd);
log.addEventListener("scroll", look, { passive: true });
addEventListener("hashchange", () => asked().chatId && enter(asked().chatId, asked().me));
new ResizeObserver(() => now.atEnd && toEnd()).observe(log); // the phone's keyboard came or went

enter(asked().chatId, asked().me);
