// Which chats lie open, and who hears what? The conductor: one line to the sandbox, chats side by side, unread marks.

import { api, listen, SandboxError } from "./api.js";
import { setUpBehind } from "./behind.js";
import { openChat } from "./chat.js";
import { setClock } from "./clock.js";
import { nameOf } from "./dom.js";
import { setUpLater } from "./later.js";
import { box } from "./popups.js";
import { setUpSheet } from "./sheet.js";
import { setUpSide } from "./side.js";

const RECONNECT = { first: 500, most: 8_000 }; // milliseconds
const NARROWEST = 330; // pixels of one chat beside others
const LEAST = 312; // pixels of one chat and the gap beside it; where there is less for each they are scrolled
const WIDE = matchMedia("(min-width: 1000px)");

const $ = (id) => document.getElementById(id);

const facts = {
  bot: { first_name: "Sandbox" }, learners: [], chats: [], operators: [], listening: false, online: false,
};
const unread = new Map(); // chat id -> messages nobody has seen
let panes = [];
let active = null;
let pause = RECONNECT.first;

// ---- the line to the sandbox

function connect() {
  const stream = listen({
    onOpen: () => {
      pause = RECONNECT.first;
      facts.online = true;
      behind.refresh();
      if (panes.length) panes.forEach(load);
      else asked().forEach(({ chatId, me }) => add(chatId, me));
    },
    onLost: () => {
      facts.online = false;
      panes.forEach((pane) => pane.redraw());
      setTimeout(connect, pause);
      pause = Math.min(pause * 2, RECONNECT.most);
    },
    onEvent: (name, data) => (happenings[name] ? happenings[name](data) : pass(name, data)),
  });
  addEventListener("pagehide", () => stream.close(), { once: true });
}

const happenings = {
  clock: (time) => timeIs(time),
  call: (call) => behind.add(call),
  cards: (answer) => panes.forEach((pane) => pane.cards(answer)),
  faults: (weather) => behind.drawWeather(weather),
  commands: () => panes.forEach(load),
  listening: () => panes.forEach(load),
  people: () => panes.slice(0, 1).forEach(load),
  reset: () => {
    behind.refresh();
    unread.clear();
    panes.slice(1).forEach(remove);
    replace(panes[0], null); // message numbers begin anew: nothing of the old chat may stay
  },
};

function pass(name, data) {
  const pane = panes.find((one) => one.chatId() === data.chat_id);
  pane?.react(name, data);
  if (name !== "message" || isSeen(pane)) return;
  unread.set(data.chat_id, (unread.get(data.chat_id) ?? 0) + 1);
  tellNews(data);
  drawSide();
}

const isSeen = (pane) => Boolean(pane) && (WIDE.matches || pane === active) && !document.hidden;

/** For those who cannot see the mark. */
function tellNews(message) {
  const chat = facts.chats.find((one) => one.id === message.chat_id);
  $("news").textContent = `${nameOf(message.from)} wrote in the chat of ${nameOf(chat)}`;
}

// ---- chats come and go

/** "#1001,-1/1002" asks for two chats, in the second of which 1002 speaks. */
function asked() {
  const parts = location.hash.slice(1).split(",").map((part) => /^(-?\d+)(?:\/(\d+))?$/.exec(part));
  const found = parts.filter(Boolean).map(([, chat, as]) => ({ chatId: Number(chat), me: as ? Number(as) : null }));
  return found.length ? found.slice(0, WIDE.matches ? room() : 1) : [{ chatId: null, me: null }];
}

const room = () => Math.max(1, Math.floor($("panes").clientWidth / NARROWEST));

/** Load a chat's state; one the sandbox does not know (it may have started anew) gives way to the first learner's. */
async function load(pane) {
  if (await pane.refresh()) return;
  if (!panes.includes(pane)) return;
  if (panes.length > 1) remove(pane);
  else replace(pane, null);
}

function add(chatId, me, after = null) {
  const pane = openChat(chatId, me, shared);
  pane.root.addEventListener("focusin", () => activate(pane));
  pane.root.querySelector(".open-side").addEventListener("click", (event) => side.open(event.currentTarget));
  pane.root.querySelector(".close-chat").addEventListener("click", () => (remove(pane), active.focus()));
  if (after) after.root.after(pane.root);
  else $("panes").append(pane.root);
  panes.splice(after ? panes.indexOf(after) + 1 : panes.length, 0, pane);
  activate(pane);
  load(pane);
  return pane;
}

function remove(pane) {
  panes = panes.filter((one) => one !== pane);
  pane.close();
  if (active === pane) activate(panes.at(-1));
  changed();
}

function replace(pane, chatId, me) {
  const next = add(chatId, me, pane);
  remove(pane);
  activate(next);
  return next;
}

function activate(pane) {
  active = pane;
  panes.forEach((one) => one.root.classList.toggle("active", one === pane));
  changed();
}

/** Go to a chat: where it lies open already, else in the place of the one before. */
function go(chatId, me) {
  if (!WIDE.matches) side.close();
  const open = panes.find((one) => one.chatId() === chatId);
  const pane = open ?? replace(active, chatId, me);
  activate(pane);
  pane.focus();
  return pane;
}

/** Open a chat beside the others where there is room, else in the place of the one before. */
function beside(chatId, me) {
  if (!WIDE.matches || panes.length >= room()) return go(chatId, me);
  const pane = add(chatId, me);
  pane.focus();
  return pane;
}

function changed() {
  const seen = panes.filter(isSeen).map((one) => one.chatId());
  seen.forEach((id) => unread.delete(id));
  document.body.classList.toggle("several", panes.length > 1);
  const parts = panes.map((one) => (one.chatId() < 0 ? `${one.chatId()}/${one.me()}` : one.chatId())).filter(Boolean);
  if (parts.length && location.hash !== `#${parts}`) history.replaceState(null, "", `#${parts}`);
  document.title = `${active ? active.title() : "Sandbox"} · sandbox`;
  drawSide();
}

function drawSide() {
  const shown = panes.filter((one) => WIDE.matches || one === active).map((one) => one.chatId());
  list.show({ ...facts, shown, unread, canOpenMore: WIDE.matches && panes.length < room() });
  const count = [...unread.values()].reduce((sum, one) => sum + one, 0);
  document.body.classList.toggle("crowded", WIDE.matches && panes.length * LEAST > $("panes").clientWidth);
  document.querySelectorAll(".open-side").forEach((button) => {
    button.querySelector(".count").textContent = count || "";
    button.setAttribute("aria-label", `Learners and groups${count ? `, ${count} unread` : ""}`);
  });
}

// ---- what all chats share

let statesAsked = 0;
let stateLearnt = 0;

function learn(state) {
  Object.assign(facts, { bot: state.bot, learners: state.learners, chats: state.chats, listening: state.listening });
  facts.operators = state.operators ?? [];
  timeIs(state.time);
  $("about-name").textContent = nameOf(facts.bot);
  panes.forEach((pane) => pane.redraw());
}

const shared = {
  facts: () => facts,
  /** A chat's state. What all chats share is learnt from it, unless a younger one was faster. */
  state: async (chatId) => {
    const turn = ++statesAsked;
    const state = await api.state(chatId);
    if (turn > stateLearnt) learn(state);
    stateLearnt = Math.max(stateLearnt, turn);
    return state;
  },
  changed,
  replace: (pane, chatId, me) => panes.includes(pane) && replace(pane, chatId, me),
  startWith: (learnerId, payload) => go(learnerId).actions.say(`/start ${payload}`.trim()),
  choices: () => [...(WIDE.matches ? [] : [...later.choices(), behindChoice]), overChoice],
};

async function attempt(call) {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof SandboxError)) throw error;
    active.toast(error.message);
    return null;
  }
}

async function startOver() {
  const warning = "The sandbox forgets every chat, learner and group. The bot keeps what it has stored.";
  if (await box("Start over?", warning, { confirm: "Forget everything" })) attempt(api.reset);
}

const list = setUpSide({
  go: (chatId) => go(chatId),
  beside: (chatId) => beside(chatId),
  addLearner: async (fields) => {
    const made = await attempt(() => api.addLearner(fields));
    return Boolean(made && beside(made.chat_id));
  },
  addGroup: async (fields) => {
    const made = await attempt(() => api.addGroup(fields));
    const speaker = fields.learner_ids.includes(active.me()) ? active.me() : fields.learner_ids[0];
    return Boolean(made && beside(made.chat_id, speaker));
  },
});

const later = setUpLater({
  attempt,
  tell: (words) => {
    if (WIDE.matches) return ($("later-words").textContent = words);
    side.close();
    active.toast(words);
  },
});

function timeIs(time) {
  setClock(time.now);
  later.show(time);
  panes.forEach((pane) => pane.retime());
}

const behind = setUpBehind({ attempt });
const openBehind = () => backstage.open(active.root.querySelector(".open-menu"));
const behindChoice = { label: "Behind the scenes", icon: "wrench", act: openBehind };
const overChoice = { label: "Start over", icon: "broom", danger: true, act: startOver };
const side = setUpSheet($("side"), [$("panes"), $("behind")], () => WIDE.matches);
const backstage = setUpSheet($("behind"), [$("panes"), $("side")], () => WIDE.matches);
$("close-side").addEventListener("click", side.close);
$("close-behind").addEventListener("click", () => (backstage.close(), changed()));
$("open-behind").addEventListener("click", (event) => {
  if (!WIDE.matches) side.close();
  backstage.toggle(event.currentTarget);
  changed();
});
WIDE.addEventListener("change", () => (side.close(), backstage.close(), changed()));
new ResizeObserver(() => {
  drawSide(); // there is room for more chats, or for fewer
  active?.root.scrollIntoView({ block: "nearest", inline: "nearest" });
}).observe($("panes"));
addEventListener("visibilitychange", changed);
addEventListener("hashchange", () => {
  asked().forEach(({ chatId, me }, index) => chatId && (index ? beside : go)(chatId, me));
});

connect();
