// How is a side panel opened on a small screen? It covers the rest, which is out of reach meanwhile; Escape closes it.

/** Wire a panel: `rest` is what it covers. On a wide screen it stands beside that. */
export function setUpSheet(panel, rest, isWide) {
  let cameFrom = null;

  const close = () => {
    if (!panel.hasAttribute("data-open")) return;
    panel.removeAttribute("data-open");
    rest.forEach((one) => (one.inert = false));
    cameFrom?.setAttribute("aria-expanded", "false");
    if (panel.contains(document.activeElement) || document.activeElement === document.body) cameFrom?.focus();
  };
  const open = (from) => {
    cameFrom = from;
    from?.setAttribute("aria-expanded", "true");
    panel.setAttribute("data-open", "");
    rest.forEach((one) => (one.inert = !isWide()));
    panel.querySelector("[data-first]")?.focus();
  };

  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    close();
  });
  panel.addEventListener("click", (event) => event.target === panel && close());
  return {
    open,
    close,
    toggle: (from) => (panel.hasAttribute("data-open") ? close() : open(from)),
    isOpen: () => panel.hasAttribute("data-open"),
  };
}
