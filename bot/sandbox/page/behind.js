// What goes on behind the chats? The bot's calls, newest first, and faults by a click; it draws no chat.

import { api } from "./api.js";
import { icon, make } from "./dom.js";

const MOST_SHOWN = 60;
const HANG_SECONDS = 8;
const FAULTS = [
  { kind: "429", label: "429: too many", words: "To be tried again after 5 seconds", retry_after: 5 },
  { kind: "502", label: "502: bad gateway", words: "Answered with a 502 page" },
  { kind: "hang", label: `Hangs ${HANG_SECONDS} s`, words: "Not answered for a while", seconds: HANG_SECONDS },
  { kind: "drop", label: "Line breaks before", words: "The line breaks before the message is taken" },
  { kind: "drop_after", label: "Line breaks after", words: "The line breaks after it was taken: it may come twice" },
  { kind: "duplicate_update", label: "Update comes twice", words: "The next update comes twice" },
];
const TIME = new Intl.DateTimeFormat(undefined, {
  hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
});

const $ = (id) => document.getElementById(id);
const labelOf = (kind) => FAULTS.find((one) => one.kind === kind)?.label ?? kind;

/** Wire the panel. `attempt(call)` runs a call of the sandbox and tells a refusal. */
export function setUpBehind({ attempt }) {
  let weather = { waiting: [], storm: false, updates: 0 };

  const change = (call) => attempt(async () => drawWeather(await call()));
  $("fault-buttons").append(...FAULTS.map(({ label, words, ...fault }) => {
    const onclick = () => change(() => api.fault({ method: "send", times: 1, ...fault }));
    return make("button", { type: "button", class: "soft", title: words, onclick }, label);
  }));
  $("storm").addEventListener("click", () => change(() => api.fault({ kind: "storm", on: !weather.storm })));
  $("clear-faults").addEventListener("click", () => change(api.clearFaults));

  const drawWeather = (told) => {
    weather = told;
    $("storm").setAttribute("aria-pressed", String(told.storm));
    $("waiting").textContent = waitingWords(told);
    $("clear-faults").hidden = !told.waiting.length && !told.storm;
    $("inbox").textContent = `Updates that wait for the bot: ${told.updates || "none"}.`;
  };

  return {
    drawWeather,
    /** A call was made: a line on top, and a word where a fault was used up. */
    add: (call) => {
      drawWeather(call.weather);
      $("calls").prepend(callRow(call));
      while ($("calls").children.length > MOST_SHOWN) $("calls").lastChild.remove();
      const at = TIME.format(call.at * 1000);
      if (call.fault) $("used").textContent = `Used up by ${call.method} at ${at}: ${labelOf(call.fault)}.`;
    },
    refresh: () => attempt(async () => {
      const [lines, told] = await Promise.all([api.newestCalls(), api.weather()]);
      $("calls").replaceChildren(...lines.map(callRow));
      drawWeather(told);
      $("used").textContent = "";
    }),
  };
}

function waitingWords({ waiting, storm }) {
  if (!waiting.length && storm) return "It storms: every other call fails, and the bot has to get over it.";
  if (!waiting.length) return "No fault waits: every message goes through.";
  return `Waiting for the next message: ${waiting.map((one) => labelOf(one.kind)).join("; then ")}.`;
}

function callRow(call) {
  const time = make("time", { class: "small" }, TIME.format(call.at * 1000));
  const head = make("span", { class: "call-name" }, make("strong", {}, call.method), call.of ? ` to ${call.of}` : "");
  const isWell = call.status === 200 && !call.fault;
  const state = make("span", { class: `call-state ${isWell ? "" : "bad"}` }, ...stateOf(call));
  const line = make("span", { class: "call-line" }, time, make("span", { class: "small" }, duration(call)), state);
  const detail = make("pre", { class: "call-detail", tabindex: "0", "aria-label": "Parameters and answer" });
  const row = make("details", {}, make("summary", {}, head, line), detail);
  row.addEventListener("toggle", async () => {
    if (!row.open || detail.textContent) return;
    detail.textContent = await api.call(call.number).then(wholeCall, (error) => error.message);
  });
  return make("li", { class: "call" }, row);
}

const duration = ({ milliseconds: ms }) => `${ms < 10 ? ms : Math.round(ms)} ms`;

function stateOf(call) {
  const status = call.status || "no answer";
  if (call.status === 200) return [call.fault === "drop_after" ? "200, but the line broke" : "200"];
  return [icon("cross"), call.said ? `${status}: ${call.said}` : status];
}

const wholeCall = (call) => JSON.stringify({ params: call.params, answer: call.response }, null, 1);
