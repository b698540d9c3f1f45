// What is wrong, in one sentence a person reads from across the room; the same in the tab's title and icon.

import {setGlyph, setText} from "./dom.js";
import {known, plural, STATES, WORST_FIRST} from "./states.js";

const VERDICTS = {
  major_outage: (count) => `${plural(count, "provider")} ${count === 1 ? "has" : "have"} a major outage`,
  partial_outage: (count) => `${plural(count, "provider")} ${count === 1 ? "has" : "have"} a partial outage`,
  degraded_performance: (count) => `${plural(count, "provider")} ${count === 1 ? "is" : "are"} degraded`,
  under_maintenance: (count) => `${plural(count, "provider")} ${count === 1 ? "is" : "are"} under maintenance`,
  unknown: (count) => `Nothing is known of ${plural(count, "provider")}`,
};

const SHORT = {major_outage: "major", partial_outage: "partial", degraded_performance: "degraded", under_maintenance: "in maintenance", unknown: "unknown", operational: "operational"};

/** How many providers are in each state. */
export function countStates(providers) {
  const counts = Object.fromEntries(STATES.map((state) => [state, 0]));
  for (const provider of providers) {
    counts[known(provider.status)] += 1;
  }
  return counts;
}

/**
 * @param {object[]} providers
 * @param {number} open incidents and components that are listed
 * @returns {{state: string, sentence: string, rest: string, title: string}}
 */
export function verdict(providers, open) {
  if (providers.length === 0) {
    return {state: "unknown", sentence: "Nothing has been heard yet", rest: "The first webhook that arrives shows up here by itself.", title: "Nothing heard yet"};
  }
  const counts = countStates(providers);
  const worst = WORST_FIRST.find((state) => counts[state] > 0);
  if (worst === "operational") {
    return calm(providers.length, open);
  }
  const title = `${counts[worst]} ${SHORT[worst]}`;
  return {state: worst, sentence: VERDICTS[worst](counts[worst]), rest: restOf(counts, worst), title};
}

function calm(count, open) {
  const sentence = count === 1 ? "Your provider is operational" : `All ${count} providers are operational`;
  const rest = open === 0 ? "Nothing is open." : `${plural(open, "incident")} without impact ${open === 1 ? "is" : "are"} open.`;
  return {state: "operational", sentence, rest, title: "All operational"};
}

function restOf(counts, worst) {
  const text = countsText({...counts, [worst]: 0});
  return text && `${text}.`;
}

/** "1 partial, 4 operational". */
export const countsText = (counts) => WORST_FIRST.filter((state) => counts[state] > 0).map((state) => `${counts[state]} ${SHORT[state]}`).join(", ");

export class Headline {
  #element = document.querySelector("#headline");
  #rest = document.querySelector("#headline-rest");
  #glyph = document.querySelector("#headline-glyph");
  #icon = document.querySelector("#icon");

  show(told, {live}) {
    this.#element.closest("header").dataset.state = told.state;
    setText(this.#element, told.sentence);
    setText(this.#rest, told.rest);
    setGlyph(this.#glyph, told.state);
    const title = `${live ? "" : "Not live · "}${told.title} · Status board`;
    if (document.title !== title) {
      document.title = title;
    }
    this.#showIcon(told.state, live);
  }

  /** The icon is drawn from the page's own shapes; a dashed ring says that it is not live. */
  #showIcon(state, live) {
    if (this.#icon.dataset.shown === `${state} ${live}`) {
      return;
    }
    this.#icon.dataset.shown = `${state} ${live}`;
    const shape = [...document.querySelector(`#shape-${state}`).children].map((part) => new XMLSerializer().serializeToString(part)).join("");
    const color = getComputedStyle(this.#element.closest("header")).getPropertyValue(`--icon-${state}`).trim();
    const ring = live ? "" : "<circle cx='8' cy='8' r='7.5' fill='none' stroke='gray' stroke-dasharray='2 1.5'/>";
    const svg = `<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16' color='${color}'>${shape}${ring}</svg>`;
    this.#icon.href = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  }
}
