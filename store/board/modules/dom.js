// Building the page. What others wrote gets in as text only: nothing here, or anywhere, parses HTML.

import {known} from "./states.js";

const SVG = "http://www.w3.org/2000/svg";

/**
 * An element with attributes and children. A child that is null or false is left out, a string is text.
 * @param {string} tag
 * @param {Record<string, any>} [attributes] false and null: none; true: an empty one
 * @param {...(Node|string|null|false)} children
 */
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

export function makeSvg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false && value !== undefined) {
      element.setAttribute(name, value === true ? "" : value);
    }
  }
  element.append(...children.filter((child) => child !== null && child !== false && child !== undefined));
  return element;
}

/** Writes only what differs: an unchanged node costs no layout. */
export function setText(node, text) {
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** The shape of a state; its word stands beside it, so a screen reader passes over it. */
export function glyph(state) {
  const use = makeSvg("use", {href: `#shape-${known(state)}`});
  return makeSvg("svg", {class: "glyph", viewBox: "0 0 16 16", "aria-hidden": "true", "data-state": known(state)}, use);
}

export function setGlyph(svg, state) {
  if (svg.dataset.state !== known(state)) {
    svg.dataset.state = known(state);
    svg.firstChild.setAttribute("href", `#shape-${known(state)}`);
  }
}

/** A sender's address as one that may be followed: http and https only; otherwise nothing. */
export function safeUrl(text) {
  try {
    const url = new URL(text);
    return url.protocol === "https:" || url.protocol === "http:" ? url.href : null;
  } catch {
    return null;
  }
}

/** A link to the sender's own page, or null where the address is none to follow. */
export function outsideLink(url, words, label) {
  const href = url ? safeUrl(url) : null;
  return href && make("a", {class: "outside", href, rel: "noopener noreferrer", target: "_blank", "aria-label": label}, words);
}

/**
 * Makes the children of `parent` those of `wanted`, in that order, and moves as few as it can.
 * What has the focus keeps it, wherever it moves to.
 * @param {Element} parent
 * @param {Element[]} wanted
 */
export function arrange(parent, wanted) {
  const focused = document.activeElement;
  const keep = new Set(wanted);
  for (const child of [...parent.children]) {
    if (!keep.has(child)) {
      child.remove();
    }
  }
  let place = parent.firstElementChild;
  for (const child of wanted) {
    if (child === place) {
      place = place.nextElementSibling;
    } else {
      parent.insertBefore(child, place);
    }
  }
  if (focused !== document.activeElement && focused?.isConnected) {
    focused.focus({preventScroll: true});
  }
}
