// What a screen reader is told of: new incidents and ended ones, one sentence at a time, and never a flood.

import {entryState, plural, rank, stateWord} from "./states.js";

/** Between two sentences; what comes meanwhile is told together. */
const QUIET = 8000;
/** More than so many at once are a number, not names. */
const NAMED = 3;

const keyOf = (entry) => `${entry.kind}/${entry.provider}/${entry.id}`;

export class Announcer {
  #element = document.querySelector("#announcer");
  #known = null;
  #fresh = new Map();
  #ended = 0;
  #timer = 0;

  /** @param {object[]} entries all that is open now; what was open at first is no news */
  show(entries) {
    const now = new Map(entries.map((entry) => [keyOf(entry), entry]));
    if (this.#known) {
      now.forEach((entry, key) => this.#known.has(key) || this.#fresh.set(key, entry));
      const ended = [...this.#known.keys()].filter((key) => !now.has(key));
      ended.forEach((key) => this.#fresh.delete(key) || (this.#ended += 1));
      this.#plan();
    }
    this.#known = now;
  }

  #plan() {
    if (!this.#timer && (this.#fresh.size > 0 || this.#ended > 0)) {
      this.#tell();
      this.#timer = setTimeout(() => {
        this.#timer = 0;
        this.#plan();
      }, QUIET);
    }
  }

  #tell() {
    this.#element.textContent = [newsOf([...this.#fresh.values()]), this.#ended > 0 && `${plural(this.#ended, "incident")} over.`].filter(Boolean).join(" ");
    this.#fresh.clear();
    this.#ended = 0;
  }
}

function newsOf(entries) {
  if (entries.length === 0) {
    return "";
  }
  const worst = entries.sort((one, other) => rank(entryState(other)) - rank(entryState(one)));
  const named = worst.slice(0, NAMED).map((entry) => `${entry.provider_name}: ${entry.name} (${stateWord(entryState(entry))})`);
  const rest = worst.length - named.length;
  return `New: ${named.join("; ")}${rest > 0 ? `; and ${rest} more` : ""}.`;
}
