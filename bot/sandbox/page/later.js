// How does time pass here? Shows the bot's clock and moves it on; it offers no way back, the sandbox knows none.

import { api } from "./api.js";
import { botNow } from "./clock.js";
import { make } from "./dom.js";

const STEPS = [
  { label: "An hour later", short: "An hour", seconds: 3_600 },
  { label: "A day later", short: "A day", seconds: 86_400 },
  { label: "A week later", short: "A week", seconds: 604_800 },
];
const REDRAW = 5_000; // milliseconds
const TIME = new Intl.DateTimeFormat(undefined, {
  weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

const $ = (id) => document.getElementById(id);

/** Wire the clock. `handlers`: attempt(call), tell(words). */
export function setUpLater({ attempt, tell }) {
  let time = { ahead: 0, can_move: false };
  let isMoving = false;
  $("steps").append(...STEPS.map((step) => {
    const attributes = { type: "button", class: "soft", "aria-label": step.label, onclick: () => move(step.seconds) };
    return make("button", attributes, step.short);
  }));

  const draw = () => {
    const now = TIME.format(new Date(botNow()));
    $("bot-time").textContent = now;
    $("bot-ahead").textContent = time.ahead ? `${span(time.ahead)} ahead of yours` : "the same as yours";
    $("later").hidden = !time.can_move;
    document.querySelectorAll(".moved").forEach((line) => {
      line.hidden = !time.ahead;
      line.textContent = `For the bot it is ${now}`;
    });
    [...$("steps").children].forEach((button) => button.setAttribute("aria-disabled", String(isMoving)));
  };
  async function move(seconds) {
    if (isMoving) return;
    isMoving = true;
    tell("Time passes …");
    draw();
    const moved = await attempt(() => api.later(seconds));
    isMoving = false;
    draw();
    if (moved) tell(`It is ${TIME.format(new Date(botNow()))} for the bot. ${came(moved.messages)}`);
  }
  setInterval(draw, REDRAW);

  return {
    show: (told) => {
      time = told;
      draw();
    },
    draw,
    /** The same for a menu; nothing where the clock cannot be moved. */
    choices: () => (time.can_move ? STEPS : []).map((step) => ({ ...step, icon: "clock", act: () => move(step.seconds) })),
  };
}

const came = (count) => (count ? `${count} ${count === 1 ? "message" : "messages"} came.` : "Nothing was due.");

/** 694800 -> "8 days, 1 hour"; what is less than an hour is left out. */
function span(seconds) {
  const hours = Math.round(seconds / 3_600);
  const parts = [[Math.floor(hours / 24), "day"], [hours % 24, "hour"]].filter(([count]) => count);
  return parts.map(([count, name]) => `${count} ${name}${count === 1 ? "" : "s"}`).join(", ");
}
