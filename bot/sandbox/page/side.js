// Who is here? The list of learners and groups with what is unread, and what adds one by a click or under a name.

import { face, icon, languageName, make, nameOf } from "./dom.js";

const FIRST_NAMES = [
  "Bea", "Chen", "Dina", "Emre", "Fay", "Gita", "Hugo", "Ines", "Jan", "Kofi", "Lena", "Milo", "Nour", "Olu", "Pia",
];
const GROUP = "Study group";

const $ = (id) => document.getElementById(id);

/** Wire the list. `handlers`: go(chatId), beside(chatId); addLearner(fields), addGroup(fields) resolve to a yes or no. */
export function setUpSide(handlers) {
  let known = { learners: [], chats: [] };
  whenSent($("new-learner"), (fields) => handlers.addLearner(newLearner(fields)));
  whenSent($("new-group"), (fields) => handlers.addGroup(newGroup(fields)));
  $("add-learner").addEventListener("click", () => {
    handlers.addLearner({ first_name: nextName(known.learners), language_code: "en" });
  });
  $("add-group").addEventListener("click", () => {
    const everybody = known.learners.map((one) => one.id);
    handlers.addGroup({ title: nextTitle(known.chats), learner_ids: everybody, privacy: true });
  });

  return {
    /** `shown` are the ids of the chats one sees, `unread` counts by id; `canOpenMore` allows another chat beside. */
    show: ({ learners, chats, operators, shown, unread, canOpenMore }) => {
      known = { learners, chats };
      const view = (one) => ({ isShown: shown.includes(one.id), unread: unread.get(one.id) ?? 0, canOpenMore });
      const row = (one, detail) => chatRow(one, detail, view(one), handlers);
      const groups = chats.filter((chat) => chat.type !== "private");
      keepFocus($("learner-list"), learners.map((one) => row(one, describe(one, operators))));
      keepFocus($("group-list"), groups.map((one) => row(one, groupKind(one))));
      $("groups").hidden = groups.length === 0;
      keepTicks($("group-learners"), learners);
    },
  };
}

const describe = (one, operators) =>
  `${operators.includes(one.id) ? "Operator, " : ""}${languageName(one.language_code ?? "en")}`;

const groupKind = (one) => (one.is_forum ? "Group with topics" : one.type === "supergroup" ? "Supergroup" : "Group");

function nextName(learners) {
  const taken = new Set(learners.map((one) => one.first_name));
  return FIRST_NAMES.find((name) => !taken.has(name)) ?? `Learner ${learners.length + 1}`;
}

function nextTitle(chats) {
  const taken = chats.filter((one) => one.title?.startsWith(GROUP)).length;
  return taken ? `${GROUP} ${taken + 1}` : GROUP;
}

function whenSent(form, send) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!(await send(new FormData(form)))) return;
    form.reset();
    form.closest("details").open = false;
  });
}

const newLearner = (fields) => ({
  first_name: fields.get("first_name").trim(),
  language_code: fields.get("language_code").trim() || "en",
});

const newGroup = (fields) => ({
  title: fields.get("title").trim(),
  learner_ids: fields.getAll("learner").map(Number),
  privacy: fields.get("privacy") === "on",
  topics: fields.get("topics") === "on" ? 2 : 0,
});

function chatRow(one, detail, { isShown, unread, canOpenMore }, { go, beside }) {
  const name = make("strong", {}, nameOf(one));
  const words = make("span", { class: "chat-row-text" }, name, make("span", { class: "small" }, detail));
  const onclick = () => go(one.id);
  const count = unread ? mark(unread) : null;
  const row = make("button", { type: "button", class: "chat-row", onclick }, face(one), words, count);
  if (isShown) row.setAttribute("aria-current", "true");
  const more = isShown || !canOpenMore ? null : besideButton(nameOf(one), () => beside(one.id));
  return make("li", { class: "chat-item" }, row, more);
}

const mark = (unread) => make("span", { class: "count" }, String(unread), make("span", { class: "unseen" }, " unread"));

function besideButton(name, onclick) {
  const label = `Open the chat of ${name} beside`;
  const attributes = { type: "button", class: "icon-button beside-button", "aria-label": label, title: label, onclick };
  return make("button", attributes, icon("beside"));
}

/** Draw a list anew; the keyboard's focus stays where it was. */
function keepFocus(list, rows) {
  const place = [...list.querySelectorAll("button")].indexOf(document.activeElement);
  list.replaceChildren(...rows);
  if (place >= 0) list.querySelectorAll("button")[place]?.focus();
}

/** The ticks a reader took away stay away when the list is drawn again. */
function keepTicks(holder, learners) {
  const unticked = new Set([...holder.querySelectorAll("input:not(:checked)")].map((tick) => tick.value));
  const tick = (one) => {
    const checked = !unticked.has(String(one.id));
    return make("input", { type: "checkbox", name: "learner", value: one.id, checked });
  };
  holder.replaceChildren(...learners.map((one) => make("label", { class: "tick" }, tick(one), nameOf(one))));
}
