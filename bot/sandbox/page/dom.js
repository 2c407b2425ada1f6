// How is a piece of the page made? Elements, icons, times, names and faces; data goes in as text, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element: `make("p", {class: "note", onclick: f}, "text", child)`. Nothing here parses markup. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** An icon of the sprite in index.html; hidden from screen readers, the control beside it carries the words. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const DAY = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "long" });

export const clockTime = (seconds) => CLOCK.format(new Date(seconds * 1000));

/** "Today", "Yesterday", or the date, for the line between two days. */
export function dayName(seconds, now) {
  const day = new Date(seconds * 1000);
  const daysAgo = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(day).setHours(0, 0, 0, 0)) / 86_400_000);
  return { 0: "Today", 1: "Yesterday" }[daysAgo] ?? DAY.format(day);
}

const LANGUAGES = new Intl.DisplayNames(undefined, { type: "language", fallback: "code" });

/** "fr" -> "French"; what is no language code is shown as it is. */
export function languageName(code) {
  try {
    return LANGUAGES.of(code);
  } catch {
    return code;
  }
}

/** 75 -> "1:15"; used for voice messages and closing polls. */
export function minutes(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** What a user or a chat is called. */
export const nameOf = (one) => [one?.first_name, one?.last_name].filter(Boolean).join(" ") || one?.title || "Someone";

/** A round face: initials on a hue that stays the same for an id; the bot wears the ladder. */
export function face(person) {
  const initials = nameOf(person).split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("").toUpperCase();
  const element = make("span", { class: "face", "aria-hidden": "true" }, person?.is_bot ? icon("ladder") : initials);
  element.style.setProperty("--hue", person?.is_bot ? 158 : (Math.abs(person?.id ?? 0) * 67) % 360);
  element.classList.toggle("bot", Boolean(person?.is_bot));
  return element;
}
