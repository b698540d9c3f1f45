// Whether what is shown can be believed: is the stream connected, does the store work, does it hear the receiver.

import {setText} from "./dom.js";
import {readHealth} from "./api.js";
import {plural} from "./states.js";
import {clockTime, relative} from "./times.js";

/** A stream that is dead but not closed shows only here: the store is asked this often whether it is well. */
const EVERY = 15_000;
/** And while it is not, this often: a store that has just started hears its receiver a moment later. */
const SOON = 2000;
/** So many events not yet applied are no longer the normal coming and going. */
const BEHIND = 1000;

/**
 * on.changed() when the sign changes, on.silent() when the store does not answer, on.answers() when it does.
 */
export class Standing {
  #on;
  #line = document.querySelector("#live");
  #banner = document.querySelector("#banner");
  #cutSince = null;
  #connected = false;
  #readAt = null;
  #reading = "";
  #health = "";
  #timer = 0;

  constructor(on) {
    this.#on = on;
  }

  get live() {
    return this.#cutSince === null && !this.#health && !this.#reading;
  }

  /** The stream is there, or not. */
  connected() {
    this.#connected = true;
    this.#cutSince = null;
    this.#show();
  }

  cut() {
    this.#cutSince ??= new Date();
    this.#show();
  }

  /** The lists were read, or why not. */
  read() {
    this.#readAt = new Date();
    this.#reading = "";
    this.#show();
  }

  unreadable(error) {
    this.#reading = error.status ? `The store can't be read: ${error.message}` : "";
    this.#show();
  }

  async check() {
    clearTimeout(this.#timer);
    try {
      this.#health = troubleOf(await readHealth());
      this.#on.answers();
    } catch (error) {
      this.#health = error.status ? `The store can't say how it is: ${error.message}` : "";
      this.#on.silent();
    }
    this.#show();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.check(), this.#health ? SOON : EVERY);
  }

  #show() {
    const state = this.#cutSince ? "cut" : this.#connected ? "live" : "connecting";
    document.documentElement.dataset.live = state;
    const words = {cut: `Reconnecting since ${this.#cutSince && clockTime(this.#cutSince)}`, connecting: "Connecting", live: "Live"};
    setText(this.#line, words[state]);
    const text = [this.#cutSince && this.#readAt && `This is how things were at ${clockTime(this.#readAt)}: the store does not answer.`,
      this.#cutSince && !this.#readAt && "The store does not answer.", this.#health, this.#reading].filter(Boolean).join(" ");
    setText(this.#banner, text);
    this.#banner.hidden = !text;
    this.#on.changed();
  }
}

/** What is wrong by the store's own account, or "". */
function troubleOf(health) {
  if (health.status !== "running") {
    return `The store has trouble: ${health.error ?? health.status}.`;
  }
  if (health.feed === "silent") {
    return `No word from the receiver${lastHeard(health)}: news may be missing.`;
  }
  if (health.feed === "waiting") {
    return "The store does not follow the receiver yet: news may be missing.";
  }
  return health.lag > BEHIND ? `The store is ${plural(health.lag, "event")} behind and catching up.` : "";
}

function lastHeard(health) {
  const newest = Object.values(health.providers).map((provider) => provider.last_heard_at).sort().at(-1);
  return newest ? ` (the last webhook came ${relative(Date.now() - new Date(newest).getTime())})` : "";
}
