// What stands in a chat's log, and where does the reader look? Rows in their order; it sends nothing.

import { messageRow } from "./bubbles.js";
import { botNow } from "./clock.js";
import { dayName, make } from "./dom.js";

const NEAR_END = 60; // pixels from the end that still count as the end
const RUN_GAP = 300; // seconds; bubbles of one speaker that follow closer make one run

/** Wire the log of one chat. `view()` says who looks; `around()` draws what depends on the log. */
export function setUpLog(root, { view, around }) {
  const $ = (name) => root.querySelector(`.${name}`);
  const log = $("log");
  const messages = new Map(); // message_id -> message
  const rows = new Map(); // message_id -> {element, drawn}
  let unread = 0;
  let atEnd = true; // the reader sees the newest message

  /** Draw a message where its number puts it; one that looks as before is left alone, so open spoilers stay open. */
  function put(message) {
    const { message_id: id } = message;
    messages.set(id, message);
    const { me, busy, ballots } = view();
    const ballot = message.poll ? ballots.get(message.poll.id) : null;
    const keys = [...busy.keys()].filter((key) => key.startsWith(`${id} `));
    const drawn = JSON.stringify([message, me, ballot, keys]);
    const old = rows.get(id);
    if (old?.drawn === drawn) return;
    const element = messageRow(message, view());
    Object.assign(element.dataset, { id, date: message.date, from: message.from?.id ?? "" });
    rows.set(id, { element, drawn });
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
    const all = [...$("messages").children].filter((one) => one.dataset.id);
    const near = (one, other) => Math.abs(one.dataset.date - other.dataset.date) < RUN_GAP;
    const together = (one, other) => one && other && one.dataset.from === other.dataset.from && near(one, other);
    all.forEach((row, index) => {
      const [before, after] = [all[index - 1], all[index + 1]];
      row.classList.toggle("first", !together(before, row));
      row.classList.toggle("last", !together(row, after));
      drawDay(row, before);
    });
  }

  function drawDay(row, before) {
    const day = dayName(row.dataset.date, botNow());
    const line = row.previousElementSibling?.matches(".day") ? row.previousElementSibling : null;
    if (before && dayName(before.dataset.date, botNow()) === day) line?.remove();
    else if (!line) row.before(make("p", { class: "day" }, day));
    else if (line.textContent !== day) line.textContent = day; // what was today is yesterday
  }

  function forget(id) {
    const row = rows.get(id)?.element;
    const [line, next] = [row?.previousElementSibling, row?.nextElementSibling];
    if (line?.matches(".day") && !next?.dataset.id) line.remove();
    row?.remove();
    rows.delete(id);
    messages.delete(id);
    arrange();
  }

  /** Change the log, draw what depends on it, and stay at its end where the reader was there. */
  function keepPlace(change, force = false) {
    const stay = force || atEnd;
    change();
    around();
    if (stay) toEnd();
    else look();
  }

  function toEnd() {
    log.scrollTop = log.scrollHeight;
    look();
  }

  /** Where does the reader look? At the end nothing is unread. */
  function look() {
    if (!log.clientHeight) return; // a chat that is not shown has no place
    atEnd = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR_END;
    if (atEnd) unread = 0;
    $("to-end").hidden = atEnd;
    $("unread").textContent = unread || "";
    $("to-end").setAttribute("aria-label", `To the newest message${unread ? `, ${unread} unread` : ""}`);
  }

  $("to-end").addEventListener("click", toEnd);
  log.addEventListener("scroll", look, { passive: true });
  const watcher = new ResizeObserver(() => atEnd && toEnd()); // the phone's keyboard came or went
  [log, $("messages")].forEach((one) => watcher.observe(one)); // or lines wrap anew

  return {
    messages,
    put,
    forget,
    arrange,
    keepPlace,
    element: (id) => rows.get(id)?.element,
    focus: () => log.focus(),
    redraw: (id) => messages.has(id) && keepPlace(() => put(messages.get(id))),
    /** One more that the reader has not seen, unless they are at the end. */
    count: (message) => {
      if (!atEnd && !messages.has(message.message_id)) unread += 1;
    },
    clear: () => {
      messages.clear();
      rows.clear();
      unread = 0;
      $("messages").replaceChildren();
    },
    /** Many messages at once are not read aloud. */
    quietly: (change) => {
      log.setAttribute("aria-live", "off");
      change();
      setTimeout(() => log.setAttribute("aria-live", "polite"), 300);
    },
    close: () => watcher.disconnect(),
  };
}
