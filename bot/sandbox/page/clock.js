// What time is it for the bot? The browser's time, and what the sandbox's clock is ahead of it; it moves nothing.

let ahead = 0; // milliseconds

/** The sandbox told its time, in seconds since 1970. */
export function setClock(seconds) {
  const told = seconds * 1000 - Date.now();
  ahead = Math.abs(told) < 2000 ? 0 : told; // what the line takes is no other time
}

/** The time of the bot, in milliseconds as `Date` counts them. */
export const botNow = () => Date.now() + ahead;
