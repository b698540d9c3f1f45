// Ninety days at a glance, oldest at the left, today at the right: a low line while all was well, higher the worse a day was, so
// that no colour has to be told from another. One SVG with a path for each state that occurs, not ninety nodes.

import {makeSvg, setText} from "./dom.js";
import {plural, rank, stateWord, WORST_FIRST} from "./states.js";
import {dayText} from "./times.js";

export const DAYS = 90;
const DAY = 86_400_000;
const TALL = 20;
const HEIGHTS = {operational: 4, under_maintenance: 8, degraded_performance: 11, partial_outage: 15, major_outage: TALL};

/** Today, as a number of days, and the 89 before it: made once a day, all providers ask for the same. */
let calendar = [];

function calendarUntil(today) {
  if (calendar.at(-1)?.number !== today) {
    calendar = Array.from({length: DAYS}, (_, index) => calendarDay(today - DAYS + 1 + index));
  }
  return calendar;
}

function calendarDay(number) {
  const date = new Date(number * DAY);
  return {number, key: date.toISOString().slice(0, 10), name: dayText(date)};
}

/**
 * The state of each of the last 90 days of UTC, oldest first; null for days before the first word.
 * @returns {{state: string|null, name: string}[]}
 */
export function daysOf(provider, now = Date.now()) {
  const first = Math.floor(new Date(provider.first_heard_at).getTime() / DAY);
  const wrong = new Map(provider.history.map((day) => [day.date, day.status]));
  return calendarUntil(Math.floor(now / DAY)).map(({number, key, name}) => ({name, state: wrong.get(key) ?? (number < first ? null : "operational")}));
}

/** "Partial outage on 3 Nov, 4 Nov; 88 days good." */
export function summary(days) {
  const names = new Map();
  days.forEach((day) => (names.get(day.state) ?? names.set(day.state, []).get(day.state)).push(day.name));
  const good = names.get("operational")?.length ?? 0;
  const unknown = names.get(null)?.length ?? 0;
  const parts = WORST_FIRST.filter((state) => state !== "operational" && names.has(state))
    .map((state) => `${stateWord(state).toLowerCase()} on ${names.get(state).join(", ")}`);
  parts.push(good === days.length ? "all good" : `${plural(good, "day")} good`);
  if (unknown > 0) {
    parts.push(`no data of ${plural(unknown, "day")}`);
  }
  return `Last 90 days: ${parts.join("; ")}.`;
}

export function makeStrip() {
  const title = makeSvg("title");
  const svg = makeSvg("svg", {class: "strip", viewBox: `0 0 ${DAYS} ${TALL}`, preserveAspectRatio: "none", "aria-hidden": "true"}, title);
  svg.addEventListener("pointermove", (event) => setText(title, dayUnder(svg, event.clientX)));
  return svg;
}

const shown = new WeakMap();

/** Draws `days`; the pointer over one says which day it is and how it was. */
export function drawStrip(svg, days) {
  shown.set(svg, days);
  const states = new Set(days.map((day) => day.state));
  const paths = [...states].sort((one, other) => rank(one) - rank(other)).map((state) => makeSvg("path", {class: `day ${state ?? "no-data"}`, d: bars(days, state)}));
  svg.replaceChildren(svg.firstChild, ...paths);
}

/** A block for each run of days in this state. */
function bars(days, state) {
  const height = HEIGHTS[state] ?? 1;
  let path = "";
  for (let end, begin = 0; begin < days.length; begin = end) {
    for (end = begin + 1; days[end]?.state === days[begin].state; ++end);
    if (days[begin].state === state) {
      path += `M${begin + 0.12} ${TALL - height}H${end - 0.12}V${TALL}H${begin + 0.12}z`;
    }
  }
  return path;
}

function dayUnder(svg, x) {
  const box = svg.getBoundingClientRect();
  const days = shown.get(svg);
  const day = days?.[Math.min(DAYS - 1, Math.max(0, Math.floor(((x - box.left) / box.width) * DAYS)))];
  return day ? `${day.name}: ${day.state ? stateWord(day.state) : "no data"}` : "";
}
