// What comes of "@bot words"? Asks the bot for its cards while a learner types, and hands them on; it draws nothing.

import { api, SandboxError } from "./api.js";

const PAUSE = 300; // milliseconds without a key, after which Telegram's clients ask too
const KEPT = 8; // answers that came before the sandbox had told us the query's number

/** `who()` is {learnerId, chatType}; `offer(answer, queryId)` shows what came for what stands in the line now. */
export function setUpInline({ who, offer }) {
  const answers = new Map(); // query id -> answer
  let current = null;
  let timer;

  const look = () => answers.has(current) && offer(answers.get(current), current);
  async function ask(query) {
    const { learnerId, chatType } = who();
    try {
      current = (await api.typeInline({ learner_id: learnerId, query, chat_type: chatType })).query_id;
      look();
    } catch (error) {
      if (!(error instanceof SandboxError)) throw error; // a bot without inline mode shows no cards
    }
  }

  return {
    /** What stands behind the bot's name has changed; null where its name does not stand there. */
    typed: (query) => {
      clearTimeout(timer);
      current = null;
      if (query !== null) timer = setTimeout(() => ask(query), PAUSE);
    },
    answered: (answer) => {
      answers.set(answer.query_id, answer);
      if (answers.size > KEPT) answers.delete(answers.keys().next().value);
      look();
    },
  };
}
