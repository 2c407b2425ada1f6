// Who is here? The side drawer: learners, groups, and the two small forms that add one.

import { face, icon, languageName, make, nameOf } from "./dom.js";

const $ = (id) => document.getElementById(id);

/** Wire the drawer. `handlers`: go(chatId), addLearner(fields), addGroup(fields); those two resolve to a yes or no. */
export function setUpDrawer(handlers) {
  const drawer = $("drawer");
  $("open-drawer").addEventListener("click", () => drawer.showModal());
  $("close-drawer").addEventListener("click", () => drawer.close());
  drawer.addEventListener("click", (event) => event.target === drawer && drawer.close());
  whenSent($("new-learner"), (fields) => handlers.addLearner(newLearner(fields)));
  whenSent($("new-group"), (fields) => handlers.addGroup(newGroup(fields)));
  const go = (chatId) => (drawer.close(), handlers.go(chatId));

  return {
    show: ({ learners, chats, chatId }) => {
      const groups = chats.filter((chat) => chat.type !== "private");
      const language = (one) => languageName(one.language_code ?? "en");
      const kind = (one) => (one.type === "supergroup" ? "Supergroup" : "Group");
      $("learner-list").replaceChildren(...learners.map((one) => chatRow(one, language(one), one.id === chatId, go)));
      $("group-list").replaceChildren(...groups.map((one) => chatRow(one, kind(one), one.id === chatId, go)));
      $("groups").hidden = groups.length === 0;
      keepTicks($("group-learners"), learners);
    },
  };
}

function whenSent(form, send) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!(await send(new FormData(form)))) return;
    form.reset();
    form.closest("details").open = false;
    $("drawer").close();
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
});

function chatRow(one, detail, isCurrent, go) {
  const small = make("span", { class: "small" }, detail);
  const words = make("span", { class: "chat-row-text" }, make("strong", {}, nameOf(one)), small);
  const row = make("button", { type: "button", class: "chat-row", onclick: () => go(one.id) }, face(one), words);
  if (!isCurrent) return row;
  row.setAttribute("aria-current", "true");
  row.append(icon("check"));
  return row;
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
