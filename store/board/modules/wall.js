// ?wall=1: the board on a big screen that nobody touches. The type is as large as lets everything fit; when even the smallest
// does not, what is operational gives way first, being the least news, and a line says how much is not shown.

import {setText} from "./dom.js";
import {plural} from "./states.js";
import {clockTime} from "./times.js";

/** Pixels of text, from across the room to across the desk. */
const SIZES = [30, 27, 24, 21, 19, 17, 15, 13.5, 12];

/** A picture that never moves stays in the screen's memory: each minute it stands a little elsewhere. */
const STEPS = [[0, 0], [3, 1], [6, 3], [4, 6], [1, 4], [-3, 5], [-6, 2], [-4, -2], [-1, -5], [3, -4]];
const MINUTE = 60_000;

/** Of what is in it, however high it is itself. */
function heightOf(element) {
  const content = document.createRange();
  content.selectNodeContents(element);
  return content.getBoundingClientRect().height;
}

export class Wall {
  #root = document.documentElement;
  #columns = [...document.querySelectorAll("#providers, #side")];
  #notes = [...document.querySelectorAll(".more")];

  constructor() {
    this.#root.classList.add("wall");
    window.addEventListener("resize", () => this.fit());
  }

  /** Called when what is shown changed, and not while nothing did: it lays the page out some times. */
  fit() {
    this.#set(SIZES[this.#largestThatFits()]);
    this.#columns.forEach((column, index) => this.#cutOff(column, this.#notes[index]));
  }

  /**
   * Each try is a layout of the whole page, so the first, at the smallest size, tells where to look: what is shown takes room as
   * the square of its type.
   */
  #largestThatFits() {
    const smallest = SIZES.length - 1;
    this.#set(SIZES[smallest]);
    const room = Math.min(...this.#columns.map((column) => column.clientHeight / Math.max(1, heightOf(column))));
    if (room < 1) {
      return smallest;
    }
    const guess = SIZES.findIndex((pixels) => pixels <= SIZES[smallest] * Math.sqrt(room));
    const found = SIZES.findIndex((pixels, index) => index >= guess && index < smallest && this.#fits(pixels));
    return found < 0 ? smallest : found;
  }

  tick(now = new Date()) {
    const clock = document.querySelector("#clock");
    setText(clock, clockTime(now));
    const [x, y] = STEPS[Math.floor(now.getTime() / MINUTE) % STEPS.length];
    document.body.style.translate = `${x}px ${y}px`;
  }

  #set(pixels) {
    this.#root.style.setProperty("--wall-size", `${pixels}px`);
    for (const item of document.querySelectorAll(".beyond")) {
      item.classList.remove("beyond");
    }
    this.#notes.forEach((note) => setText(note, ""));
  }

  #fits(pixels) {
    this.#set(pixels);
    return this.#columns.every((column) => column.scrollHeight <= column.clientHeight + 1);
  }

  /** Hides whole rows from the end of the column until the rest fits, and says how many. */
  #cutOff(column, note) {
    if (column.scrollHeight <= column.clientHeight + 1) {
      return;
    }
    setText(note, "more");
    const bottom = column.getBoundingClientRect().bottom - note.offsetHeight - 8;
    const beyond = [...column.querySelectorAll("li.tile, .entries > li")].filter((item) => item.getBoundingClientRect().bottom > bottom);
    beyond.forEach((item) => item.classList.add("beyond"));
    setText(note, beyond.length > 0 ? `and ${plural(beyond.length, "more", "more")}` : "");
  }
}
