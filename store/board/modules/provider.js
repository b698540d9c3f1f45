// One provider, when the viewer chose it: its components and, day by day, what was wrong.

import {read} from "./api.js";
import {glyph, make, setText} from "./dom.js";
import {rank, stateWord} from "./states.js";
import {daysOf, summary} from "./strip.js";

export class ProviderPanel {
  #section = document.querySelector("#provider");
  #heading = document.querySelector("#provider-name");
  #components = document.querySelector("#components");
  #days = document.querySelector("#days");
  #summary = document.querySelector("#days-summary");
  #shown = null;

  /** @param {object|undefined} provider as in the list, which names 20 components at most */
  show(provider) {
    if (provider === this.#shown) {
      return;
    }
    this.#shown = provider;
    this.#section.hidden = !provider;
    if (provider) {
      this.#draw(provider);
      if (provider.components_total > provider.components.length) {
        this.#readAll(provider);
      }
    }
  }

  #draw(provider) {
    const days = daysOf(provider);
    const wrong = days.filter((day) => day.state && rank(day.state) > 0).reverse();
    setText(this.#heading, provider.name);
    setText(this.#summary, summary(days));
    this.#components.replaceChildren(...provider.components.map((component) => stateRow(component.name, component.status)));
    this.#days.replaceChildren(...wrong.map((day) => stateRow(day.name, day.state)));
  }

  async #readAll(provider) {
    const whole = await read(`providers/${encodeURIComponent(provider.slug)}`).catch(() => null);
    if (whole && this.#shown === provider) {
      this.#draw(whole);
    }
  }
}

const stateRow = (name, state) => make("li", {"data-state": state}, glyph(state), make("span", {class: "name"}, name), make("span", {class: "state"}, stateWord(state)));
