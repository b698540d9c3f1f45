// When to read again. News is gathered and read in rounds: a burst of a thousand events makes a few rounds, not a thousand
// requests; a single event is read at once.

import {read, readAll, ApiError} from "./api.js";

/** After the first event, for what comes along with it; far below what a person notices. */
const GATHER = 60;
/** From the begin of one round to the next, at least; a slow store gets twice the time that it took. */
const BETWEEN = 400;
/** After a round that failed. */
const AGAIN = 3000;
/** More changed providers than this and the whole list is the cheaper question. */
const FEW = 5;

/**
 * Keeps `board.providers` (by slug), `board.incidents` and `board.maintenances` as the store has them.
 * on.data() after each round that worked, on.trouble(error) after one that did not.
 */
export class Rounds {
  #board;
  #on;
  #slugs = new Set();
  #whole = false;
  #timer = 0;
  #running = false;
  #notBefore = 0;

  constructor(board, on) {
    this.#board = board;
    this.#on = on;
  }

  /** Something of this provider changed. */
  changed(slug) {
    this.#slugs.add(slug);
    this.#plan(GATHER);
  }

  /** Anything may have changed. */
  everything() {
    this.#whole = true;
    this.#plan(0);
  }

  #plan(wait) {
    if (!this.#running && !this.#timer) {
      this.#timer = setTimeout(() => this.#run(), Math.max(wait, this.#notBefore - performance.now()));
    }
  }

  async #run() {
    this.#timer = 0;
    this.#running = true;
    const begin = performance.now();
    const slugs = [...this.#slugs];
    const whole = this.#whole || slugs.length > FEW;
    this.#slugs.clear();
    this.#whole = false;
    const error = await this.#read(whole ? null : slugs).then(() => null, (reason) => reason);
    const took = performance.now() - begin;
    this.#notBefore = begin + (error ? AGAIN : Math.max(BETWEEN, 2 * took));
    this.#running = false;
    this.#finish(error, whole, slugs);
  }

  #finish(error, whole, slugs) {
    if (error) {
      this.#whole ||= whole;
      slugs.forEach((slug) => this.#slugs.add(slug));
      this.#on.trouble(error);
    } else {
      this.#on.data();
    }
    if (this.#whole || this.#slugs.size > 0) {
      this.#plan(GATHER);
    }
  }

  /** @param {string[]|null} slugs null: every provider */
  async #read(slugs) {
    const [providers, incidents, maintenances] = await Promise.all([
      slugs ? Promise.all(slugs.map(readProvider)) : readAll("providers?limit=500", "providers"),
      readAll("incidents?active=1&limit=500", "incidents"),
      readAll("maintenances?upcoming=1&limit=500", "maintenances"),
    ]);
    if (!slugs) {
      this.#board.providers.clear();
    }
    providers.filter(Boolean).forEach((provider) => this.#board.providers.set(provider.slug, provider));
    Object.assign(this.#board, {incidents, maintenances});
  }
}

/** null where nothing is known: an update whose shape nobody reads makes no provider. */
async function readProvider(slug) {
  try {
    return await read(`providers/${encodeURIComponent(slug)}`);
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) {
      return null;
    }
    throw error;
  }
}
