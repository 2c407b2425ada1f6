// How does a poll look, and what may still be pressed on it? Right and wrong are said in words, never by colour alone.

import { botNow } from "./clock.js";
import { icon, make, minutes } from "./dom.js";
import { formatted } from "./format.js";

/** The option ids this learner chose, or null; `poll.votes` maps a learner's id to option ids. */
export function chosenBy(poll, learnerId) {
  const chosen = (poll.votes ?? {})[learnerId];
  return chosen?.length ? chosen : null;
}

const rightOnes = (poll) => poll.correct_option_ids ?? [];

/** Did these choices hit exactly the right options? null while the key is not known. */
export function isRight(poll, chosen) {
  const right = rightOnes(poll);
  if (poll.type !== "quiz" || !right.length || !chosen) return null;
  return right.length === chosen.length && right.every((id) => chosen.includes(id));
}

/** The card of one poll; `vote(optionIds)` is called when the learner decides. */
export function pollCard(poll, { me, waiting, vote, actions }) {
  const chosen = chosenBy(poll, me);
  const open = !chosen && !poll.is_closed;
  const card = make("div", { class: "poll", role: "group", "aria-label": `${kind(poll)}: ${poll.question}` });
  if (poll.description) {
    const words = formatted(poll.description, poll.description_entities, actions);
    card.append(make("div", { class: "text poll-description" }, words));
  }
  card.append(make("p", { class: "poll-question" }, poll.question));
  card.append(make("p", { class: "poll-kind" }, kind(poll), closing(poll)));
  card.append(open ? ballot(poll, waiting, vote) : results(poll, chosen));
  if (poll.explanation && !open) card.append(explanation(poll, actions));
  card.append(foot(poll, chosen, vote));
  return card;
}

function kind(poll) {
  if (poll.is_closed) return "Final results";
  const name = poll.type === "quiz" ? "Quiz" : "Poll";
  return poll.is_anonymous ? `Anonymous ${name.toLowerCase()}` : name;
}

function closing(poll) {
  if (poll.is_closed || !poll.close_date) return null;
  const left = make("span", { class: "poll-left" });
  const tick = () => (left.textContent = ` · closes in ${minutes(poll.close_date - botNow() / 1000)}`);
  tick();
  const timer = setInterval(() => (left.isConnected ? tick() : clearInterval(timer)), 1000);
  return left;
}

function ballot(poll, waiting, vote) {
  const list = make("div", { class: "options" });
  if (!poll.allows_multiple_answers) {
    list.append(...poll.options.map((option, id) => choice(option, waiting?.includes(id), waiting, () => vote([id]))));
    return list;
  }
  const picked = new Set();
  const sendVote = () => vote([...picked].sort((a, b) => a - b));
  const submit = make("button", { type: "button", class: "vote", disabled: true, onclick: sendVote }, "Vote");
  const buttons = poll.options.map((option, id) =>
    choice(option, waiting?.includes(id), waiting, () => {
      if (!picked.delete(id)) picked.add(id);
      buttons[id].setAttribute("aria-pressed", String(picked.has(id)));
      submit.disabled = picked.size === 0;
    }));
  buttons.forEach((button) => button.setAttribute("aria-pressed", "false"));
  list.append(...buttons, submit);
  return list;
}

function choice(option, turns, disabled, onclick) {
  const mark = make("span", { class: turns ? "mark waiting" : "mark" });
  const words = make("span", { class: "option-text" }, option.text);
  return make("button", { type: "button", class: "option", disabled: Boolean(disabled), onclick }, mark, words);
}

function results(poll, chosen) {
  const right = poll.type === "quiz" ? rightOnes(poll) : [];
  const total = poll.total_voter_count;
  const list = make("ul", { class: "options results" });
  poll.options.forEach((option, id) => {
    const share = total ? Math.round((100 * option.voter_count) / total) : 0;
    list.append(resultRow(option, share, verdict(id, poll, right, chosen)));
  });
  return list;
}

function verdict(id, poll, right, chosen) {
  const mine = chosen?.includes(id);
  if (!right.length) return mine ? { class: "chosen", icon: "check", words: "Your answer" } : {};
  if (right.includes(id)) return { class: "right", icon: "check", words: mine ? "Your answer: right" : "Right answer" };
  return mine ? { class: "wrong", icon: "cross", words: "Your answer: wrong" } : {};
}

function resultRow(option, share, said) {
  const mark = make("span", { class: "mark" }, said.icon ? icon(said.icon) : null);
  const bar = make("span", { class: "gauge", "aria-hidden": "true" });
  bar.style.setProperty("--share", share / 100);
  const words = said.words ? make("span", { class: "verdict" }, said.words) : null;
  const text = make("span", { class: "option-text" }, option.text, words);
  const percent = make("span", { class: "share" }, `${share}%`);
  return make("li", { class: `option ${said.class ?? ""}` }, mark, text, percent, bar);
}

function explanation(poll, actions) {
  const words = formatted(poll.explanation, poll.explanation_entities, actions);
  const note = { class: "explanation", role: "note", "aria-label": "Explanation" };
  return make("div", note, icon("bulb"), make("div", { class: "text" }, words));
}

function foot(poll, chosen, vote) {
  const count = poll.total_voter_count;
  const line = make("p", { class: "poll-foot" }, count ? `${count} ${count === 1 ? "vote" : "votes"}` : "No votes yet");
  if (chosen && poll.allows_revoting && !poll.is_closed) {
    const takeBack = { type: "button", class: "quiet", onclick: () => vote([]) };
    line.append(" · ", make("button", takeBack, "Take back my vote"));
  }
  return line;
}
