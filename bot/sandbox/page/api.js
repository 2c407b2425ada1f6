// How does the page talk to the sandbox? Its control half over HTTP and one stream of events; no state is kept here.

/** Words fit to be shown; `refused` tells an answer of the sandbox from a line that is down. */
export class SandboxError extends Error {
  constructor(words, refused) {
    super(words);
    this.refused = refused;
  }
}

const EVENTS = [
  "message", "edited", "deleted", "typing", "callback_answer", "poll", "reaction", "commands", "listening", "reset",
  "people", "clock", "call", "faults", "cards",
];

async function request(path, options) {
  const answer = await fetch(path, options).catch(() => {
    throw new SandboxError("The sandbox does not answer. Is it still running?", false);
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok) {
    throw new SandboxError(body.error || `The sandbox refused this (${answer.status}).`, answer.status < 500);
  }
  return body;
}

const post = (path, body) =>
  request(`/sandbox/${path}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body ?? {}),
  });

export const api = {
  state: (chatId) => request(`/sandbox/state${chatId ? `?chat_id=${encodeURIComponent(chatId)}` : ""}`),
  say: (message) => post("messages", message),
  edit: (change) => post("messages/edit", change),
  press: (press) => post("press", press),
  vote: (vote) => post("vote", vote),
  addLearner: (learner) => post("learners", learner),
  addGroup: (group) => post("groups", group),
  block: (chatId) => post("block", { chat_id: chatId }),
  unblock: (chatId) => post("unblock", { chat_id: chatId }),
  migrate: (chatId) => post("migrate", { chat_id: chatId }),
  typeInline: (typed) => post("inline", typed),
  chooseCard: (choice) => post("inline/choose", choice),
  fault: (fault) => post("faults", fault),
  clearFaults: () => request("/sandbox/faults", { method: "DELETE" }),
  weather: () => request("/sandbox/faults"),
  newestCalls: () => request("/sandbox/calls/newest"),
  call: (number) => request(`/sandbox/calls/one?number=${number}`),
  later: (seconds) => post("clock", { seconds }),
  reset: () => post("reset"),
};

/** Listen to all chats until `close()`. After `onLost` it is closed: the caller listens anew. */
export function listen({ onOpen, onLost, onEvent }) {
  const source = new EventSource("/sandbox/events");
  source.onopen = onOpen;
  source.onerror = () => (source.close(), onLost());
  for (const name of EVENTS) {
    source.addEventListener(name, (event) => onEvent(name, JSON.parse(event.data)));
  }
  return source;
}
