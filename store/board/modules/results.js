// What the store finds in the past: asked for by words, or for one provider. The answer to the newest question is the one shown.

import {read} from "./api.js";
import {Entries} from "./entries.js";
import {make, setText} from "./dom.js";
import {plural} from "./states.js";

/** Typing pauses this long before the store is asked. */
const TYPING = 250;
const LIMIT = 50;

export class Results {
  #section = document.querySelector("#past");
  #note = document.querySelector("#past-note");
  #entries = new Entries(document.querySelector("#past-list"));
  #asked = "";
  #timer = 0;
  #asking = null;

  /** Asks what `filter` wants of the past; nothing where it wants nothing, or what was asked already. */
  show(filter) {
    const path = pathOf(filter);
    if (path === this.#asked) {
      return;
    }
    this.#asked = path;
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#section.hidden = !path;
    if (path) {
      this.#timer = setTimeout(() => this.#ask(path), TYPING);
    }
  }

  /** The same question once more: something new may be the answer. */
  again() {
    if (this.#asked) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#ask(this.#asked), TYPING);
    }
  }

  async #ask(path) {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const {signal} = this.#asking;
    this.#section.setAttribute("aria-busy", "true");
    try {
      this.#found(await read(path, {signal}));
    } catch (error) {
      if (signal.aborted) {
        return;
      }
      this.#failed(error);
    }
    this.#section.removeAttribute("aria-busy");
  }

  #found(page) {
    this.#entries.show(page.incidents);
    const count = page.next ? `The newest ${page.incidents.length}.` : `${plural(page.incidents.length, "entry", "entries")}.`;
    setText(this.#note, page.incidents.length === 0 ? "Nothing." : count);
  }

  #failed(error) {
    this.#entries.show([]);
    this.#note.replaceChildren(make("span", {class: "trouble"}, `The past can't be searched: ${error.message}`));
  }
}

/** With words: all that the store knows, open or over. Of one provider without words: what is over. */
function pathOf(filter) {
  const q = filter.q.trim();
  if (!q && !filter.provider) {
    return "";
  }
  const parameters = new URLSearchParams({limit: String(LIMIT)});
  const wanted = {q, provider: filter.provider, kind: filter.kind, active: q ? "" : "0"};
  Object.entries(wanted).filter(([, value]) => value).forEach(([name, value]) => parameters.set(name, value));
  return `incidents?${parameters}`;
}
