// Times for people: in the viewer's zone, UTC in the title, and how long ago, kept right as time goes by.

import {make, setText} from "./dom.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const clock = new Intl.DateTimeFormat(undefined, {hour: "2-digit", minute: "2-digit", hourCycle: "h23"});
const dayAndClock = new Intl.DateTimeFormat(undefined, {weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23"});
const fullDate = new Intl.DateTimeFormat(undefined, {day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23"});
const utcDay = new Intl.DateTimeFormat(undefined, {day: "numeric", month: "short", timeZone: "UTC"});

export const clockTime = (date) => clock.format(date);
export const utcText = (date) => `${date.toISOString().slice(0, 19).replace("T", " ")} UTC`;

/** A day of the history, which is a day of UTC. */
export const dayText = (date) => utcDay.format(date);

export function localTime(date) {
  const near = Math.abs(date.getTime() - Date.now()) < 180 * DAY;
  return (near ? dayAndClock : fullDate).format(date);
}

/** "4 min 10 s", "3 h 12 min", "5 d 2 h": two units, the lesser one while it still says something. */
export function duration(milliseconds) {
  const time = Math.max(0, milliseconds);
  if (time < 10 * MINUTE) {
    return pair(time, MINUTE, "min", SECOND, "s");
  }
  return time < DAY ? pair(time, HOUR, "h", MINUTE, "min") : pair(time, DAY, "d", HOUR, "h");
}

function pair(time, big, bigName, small, smallName) {
  const bigs = Math.floor(time / big);
  const smalls = Math.floor((time % big) / small);
  const parts = [bigs > 0 && `${bigs} ${bigName}`, (smalls > 0 || bigs === 0) && `${smalls} ${smallName}`];
  return parts.filter(Boolean).join(" ");
}

/** "just now", "12 min ago", "in 3 h". */
export function relative(milliseconds) {
  const away = Math.abs(milliseconds);
  if (away < 45 * SECOND) {
    return "just now";
  }
  const words = away < HOUR ? `${Math.max(1, Math.round(away / MINUTE))} min`
    : away < DAY ? `${Math.floor(away / HOUR)} h` : `${Math.floor(away / DAY)} d`;
  return milliseconds < 0 ? `in ${words}` : `${words} ago`;
}

const WORDINGS = {
  ago: (date, now) => relative(now - date.getTime()),
  lasting: (date, now) => duration(now - date.getTime()),
  local: (date) => localTime(date),
};

/**
 * A <time> that says `iso` in the wording "ago", "lasting" or "local".
 * @param {string} iso
 * @param {"ago"|"lasting"|"local"} wording
 */
export function makeTime(iso, wording) {
  return setTime(make("time", {"data-wording": wording}), iso);
}

export function setTime(element, iso) {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) {
    setText(element, String(iso ?? ""));
    return element;
  }
  element.dateTime = iso;
  element.title = element.dataset.wording === "local" ? utcText(date) : `${localTime(date)} (${utcText(date)})`;
  word(element, date, Date.now());
  return element;
}

function word(element, date, now) {
  setText(element, WORDINGS[element.dataset.wording](date, now));
}

/** Once a second: whatever says how long ago something was says so again. */
export function tick(now = Date.now()) {
  for (const element of document.querySelectorAll("time[data-wording=ago], time[data-wording=lasting]")) {
    if (element.dateTime) {
      word(element, new Date(element.dateTime), now);
    }
  }
}
