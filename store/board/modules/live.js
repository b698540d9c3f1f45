// The stream of news. It comes back by itself: the browser reconnects after a cut, and after an answer that ends an EventSource
// for good we make a new one, with growing pauses. It never says what changed in the meantime: who listens reads anew.

import {address} from "./api.js";

const FIRST_PAUSE = 1000;
const LAST_PAUSE = 20_000;

/**
 * Calls on.update(update) for each StatusUpdate, on.fresh() when everything has to be read again (connected, or `reset`),
 * on.cut() when the stream is gone.
 */
export class Live {
  #on;
  #source = null;
  #pause = FIRST_PAUSE;
  #timer = 0;
  #lastId = "";

  constructor(on) {
    this.#on = on;
  }

  connect() {
    clearTimeout(this.#timer);
    this.#source?.close();
    const query = this.#lastId ? `?last_event_id=${encodeURIComponent(this.#lastId)}` : "";
    const source = new EventSource(address(`events${query}`));
    this.#source = source;
    source.addEventListener("open", () => this.#opened());
    source.addEventListener("message", (event) => this.#heard(event));
    source.addEventListener("reset", () => this.#on.fresh());
    source.addEventListener("error", () => this.#failed(source));
  }

  get open() {
    return this.#source?.readyState === EventSource.OPEN;
  }

  #opened() {
    this.#pause = FIRST_PAUSE;
    this.#on.fresh();
  }

  #heard(event) {
    this.#lastId = event.lastEventId;
    let update;
    try {
      update = JSON.parse(event.data);
    } catch {
      return this.#on.fresh();
    }
    this.#on.update(update);
  }

  #failed(source) {
    if (source !== this.#source) {
      return;
    }
    this.#on.cut();
    if (source.readyState === EventSource.CLOSED) {
      this.#timer = setTimeout(() => this.connect(), this.#pause * (0.75 + Math.random() / 2));
      this.#pause = Math.min(2 * this.#pause, LAST_PAUSE);
    }
  }
}
