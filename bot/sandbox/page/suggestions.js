// What could the line be meant to become? A list above it that the arrow keys walk; it knows no commands and no cards.

import { make } from "./dom.js";

/**
 * Wire the list to its input. Items are {head, words, pick(), fill, aside}; `fill` is what Tab writes into the line,
 * and what is `aside` is not where the arrow keys begin.
 */
export function setUpSuggestions(list, input, prefix) {
  let items = [];
  let chosen = -1;

  const draw = () => {
    list.hidden = items.length === 0;
    list.replaceChildren(...items.map(row));
    if (chosen >= 0) input.setAttribute("aria-activedescendant", `${prefix}-${chosen}`);
    else input.removeAttribute("aria-activedescendant");
    list.children[chosen]?.scrollIntoView({ block: "nearest" });
  };
  const row = (item, index) => {
    const head = make("span", { class: "suggestion-head" }, item.head);
    const words = make("span", { class: "suggestion-words" }, item.words);
    const attributes = { class: "suggestion", role: "option", id: `${prefix}-${index}`, onclick: () => item.pick() };
    const element = make("div", attributes, head, words);
    element.classList.toggle("tall", Boolean(item.tall));
    element.setAttribute("aria-selected", String(index === chosen));
    return element;
  };
  const close = () => {
    [items, chosen] = [[], -1];
    draw();
  };
  const firstOf = (by) => (by < 0 ? items.length - 1 : Math.max(0, items.findIndex((item) => !item.aside)));
  const step = (by) => {
    chosen = chosen < 0 ? firstOf(by) : (chosen + by + items.length) % items.length;
    draw();
  };

  return {
    close,
    isOpen: () => items.length > 0,
    /** Show these; `first` is the one chosen at once, -1 for none. The choice stays where the list only shrinks. */
    show: (next, first) => {
      const isNew = items.length === 0;
      items = next;
      chosen = items.length === 0 ? -1 : isNew ? first : Math.min(Math.max(chosen, first), items.length - 1);
      draw();
    },
    /** Take a key of the input where it means the list; true where it was taken. */
    key: (event) => {
      if (!items.length || event.shiftKey) return false;
      const walk = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (walk) step(walk);
      else if (event.key === "Escape") close();
      else if (event.key === "Enter" && chosen >= 0) items[chosen].pick();
      else if (event.key === "Tab" && chosen >= 0 && items[chosen].fill) items[chosen].fill();
      else return false;
      event.preventDefault();
      return true;
    },
  };
}
