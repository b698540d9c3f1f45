// ?wall=1: the board on a big screen that nobody touches. Each column is written as large as lets everything fit; when that
// would be too small to read from afar, first details go, then whole rows from the end, being the least news, and a line says
// how many.

import {setText} from "./dom.js";
import {countsText, countStates} from "./headline.js";
import {clockTime} from "./times.js";

/** Pixels of text on a screen 1080 high: with every detail, and without. */
const SIZES = [44, 40, 36, 32, 29, 26, 23, 21.5, 20];
const DENSE_SIZES = [26, 23, 21.5, 20, 18];
const SCREEN = 1080;
/** So many rows tell how many have room, give or take: of a crowd no more than those are ever laid out. */
const SAMPLE = 24;
const MARGIN = 2;

/** A picture that never moves stays in the screen's memory: each minute it stands a little elsewhere. */
const STEPS = [[0, 0], [3, 1], [6, 3], [4, 6], [1, 4], [-3, 5], [-6, 2], [-4, -2], [-1, -5], [3, -4]];
const MINUTE = 60_000;

class Column {
  #element;
  #note;
  #parts = [];
  #items = [];

  constructor(element) {
    this.#element = element;
    this.#note = element.querySelector(".more");
  }

  /** Of a crowd only a sample is left to lay out. */
  begin() {
    this.#items = [...this.#element.querySelectorAll("#tiles > li, #side .entries > li")];
    this.#parts = [...this.#element.children];
    this.#parts.forEach((part) => part.classList.remove("beyond"));
    setText(this.#note, "");
    this.#hideFrom(SAMPLE);
  }

  fit() {
    const most = this.#items.length > SAMPLE ? this.#most() : SAMPLE;
    this.#hideFrom(most);
    if (this.#items.length > most || !(this.#largest(SIZES, false) || this.#largest(DENSE_SIZES, true))) {
      this.#cutOff();
    }
  }

  /** So many have room at most, in the smallest type. */
  #most() {
    this.#writeSmallest();
    const [first, last] = [this.#items[0], this.#items[SAMPLE - 1]].map((item) => item.getBoundingClientRect());
    return Math.ceil((MARGIN * this.#element.clientHeight * SAMPLE) / Math.max(1, last.bottom - first.top));
  }

  /** Whether one of `sizes` lets everything fit; the largest of those then holds. Each try is a layout, so there are few. */
  #largest(sizes, dense) {
    this.#element.classList.toggle("dense", dense);
    let [low, high] = [0, sizes.length - 1];
    if (!this.#fits(sizes[high])) {
      return false;
    }
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      [low, high] = this.#fits(sizes[middle]) ? [low, middle] : [middle + 1, high];
    }
    this.#write(sizes[high]);
    return true;
  }

  #write(pixels) {
    this.#element.style.fontSize = `${pixels * Math.max(0.6, window.innerHeight / SCREEN)}px`;
  }

  #fits(pixels) {
    this.#write(pixels);
    return this.#element.scrollHeight <= this.#element.clientHeight + 1;
  }

  #writeSmallest() {
    this.#element.classList.add("dense");
    this.#write(DENSE_SIZES.at(-1));
  }

  /** Whole rows from the end, and headings with nothing below. */
  #cutOff() {
    this.#writeSmallest();
    setText(this.#note, "and more");
    const bottom = this.#note.getBoundingClientRect().top;
    const fitting = this.#items.findIndex((item) => item.classList.contains("beyond") || item.getBoundingClientRect().bottom > bottom);
    if (fitting < 0) {
      return setText(this.#note, "");
    }
    this.#hideFrom(fitting);
    this.#parts.forEach((part) => part.classList.toggle("beyond", part.querySelector("li") !== null && !part.querySelector("li:not(.beyond)")));
    setText(this.#note, moreText(this.#items.slice(fitting)));
  }

  #hideFrom(first) {
    this.#items.forEach((item, index) => item.classList.toggle("beyond", index >= first));
  }
}

/** Of tiles, which worst-first order has put last, how they are. */
function moreText(items) {
  const tiles = items.filter((item) => item.matches(".tile")).map((tile) => ({status: tile.dataset.state}));
  return tiles.length > 0 ? `not shown: ${countsText(countStates(tiles))}` : `and ${items.length} more`;
}

export class Wall {
  #main = document.querySelector("main");
  #columns = [...document.querySelectorAll("#providers, #side")].map((element) => new Column(element));
  #room = "";

  constructor() {
    document.documentElement.classList.add("wall");
    new ResizeObserver(() => this.#room === this.#roomNow() || this.fit()).observe(this.#main);
  }

  /** Called when what is shown, or the room for it, changed, and not while nothing did. */
  fit() {
    this.#columns.forEach((column) => column.begin());
    this.#columns.forEach((column) => column.fit());
    this.#room = this.#roomNow();
  }

  #roomNow() {
    return `${this.#main.clientWidth} ${this.#main.clientHeight}`;
  }

  tick(now = new Date()) {
    const clock = document.querySelector("#clock");
    setText(clock, clockTime(now));
    const [x, y] = STEPS[Math.floor(now.getTime() / MINUTE) % STEPS.length];
    document.body.style.translate = `${x}px ${y}px`;
  }
}
