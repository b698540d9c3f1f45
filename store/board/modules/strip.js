// Ninety days at a glance, oldest at the left, today at the right: a low line while all was well, higher the worse a day was, so
// that no colour has to be told from another. One SVG with a path for each state that occurs, not ninety nodes.

import {makeSvg, setText} from "./dom.js";
import {plural, rank, stateWord, WORST_FIRST} from "./states.js";
import {dayText} from "./times.js";

export const DAYS = 90;
const DAY = 86_400_000;
const TALL = 20;
const HEIGHTS = {operational: 4, under_maintenance: 8, degraded_performance: 11, partial_outage: 15, major_outage: TALL};

/**
 * The state of each of the last 90 days of UTC, oldest first; null for days before the first word.
 * @returns {{state: string|null, date: Date}[]}
 */
export function daysOf(provider, now = Date.now()) {
  const today = Math.floor(now / DAY);
  const first = Math.floor(new Date(provider.first_heard_at).getTime() / DAY);
  const wrong = new Map(provider.history.map((day) => [day.date, day.status]));
  return Array.from({length: DAYS}, (_, index) => {
    const date = new Date((today - DAYS + 1 + index) * DAY);
    const state = wrong.get(date.toISOString().slice(0, 10));
    return {date, state: state ?? (date.getTime() / DAY < first ? null : "operational")};
  });
}

/** "Partial outage on 3 Nov and 4 Nov; the other 88 days good." */
export function summary(days) {
  const unknown = days.filter((day) => day.state === null).length;
  const parts = WORST_FIRST.filter((state) => state !== "operational")
    .map((state) => [state, days.filter((day) => day.state === state).map((day) => dayText(day.date))])
    .filter(([, dates]) => dates.length > 0)
    .map(([state, dates]) => `${stateWord(state).toLowerCase()} on ${dates.join(", ")}`);
  const good = days.filter((day) => day.state === "operational").length;
  parts.push(parts.length === 0 && unknown === 0 ? "all good" : `${plural(good, "day")} good`);
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

function bars(days, state) {
  const height = HEIGHTS[state] ?? 1;
  return days.reduce((path, day, index) => (day.state === state ? `${path}M${index + 0.12} ${TALL - height}h.76v${height}h-.76z` : path), "");
}

function dayUnder(svg, x) {
  const box = svg.getBoundingClientRect();
  const days = shown.get(svg);
  const day = days?.[Math.min(DAYS - 1, Math.max(0, Math.floor(((x - box.left) / box.width) * DAYS)))];
  return day ? `${dayText(day.date)}: ${day.state ? stateWord(day.state) : "no data"}` : "";
}
