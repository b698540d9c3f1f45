// The keyboard: `/` goes to the search, Escape undoes what was searched or filtered. Arrows among the tiles are in tiles.js.

const TYPING = "input, select, textarea, [contenteditable]";

/** @param {HTMLInputElement} search @param {() => void} clear */
export function startKeys(search, clear) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) {
      return;
    }
    if (event.key === "/" && !event.target.closest?.(TYPING)) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (event.key === "Escape") {
      clear();
    }
  });
}
