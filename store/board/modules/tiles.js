// A tile for each provider, worst first. A tile stays the same element while its provider changes, so that the focus stays too.

import {arrange, glyph, make, setGlyph, setText} from "./dom.js";
import {known, rank, stateWord} from "./states.js";
import {daysOf, drawStrip, makeStrip, summary} from "./strip.js";
import {makeTime, setTime} from "./times.js";

const byName = new Intl.Collator(undefined, {numeric: true, sensitivity: "base"});

export const worstFirst = (one, other) => rank(other.status) - rank(one.status) || byName.compare(one.name, other.name);

class Tile {
  constructor(slug) {
    this.glyph = glyph("unknown");
    this.link = make("a", {href: `?provider=${encodeURIComponent(slug)}`, "data-slug": slug, tabindex: "-1"});
    this.state = make("span", {class: "state"});
    this.open = make("span", {class: "open"});
    this.heard = makeTime("", "ago");
    this.strip = makeStrip();
    this.days = make("span", {class: "unseen"});
    this.element = make("li", {class: "tile"},
      make("h3", {}, this.glyph, this.link),
      make("p", {class: "standing"}, this.state, this.open),
      this.strip,
      make("p", {class: "heard"}, "Heard ", this.heard, this.days));
  }

  /** Draws `provider`; costs nothing when it is the object, or the day, that was drawn last. */
  show(provider, today) {
    if (this.provider === provider && this.today === today) {
      return;
    }
    this.element.dataset.state = known(provider.status);
    setGlyph(this.glyph, provider.status);
    setText(this.link, provider.name);
    setText(this.state, stateWord(provider.status));
    setText(this.open, provider.open_incidents.length > 0 ? openText(provider.open_incidents) : "");
    setTime(this.heard, provider.last_heard_at);
    this.#showDays(provider, today);
    Object.assign(this, {provider, today});
  }

  #showDays(provider, today) {
    const days = daysOf(provider);
    const text = summary(days);
    if (text !== this.summary || today !== this.today) {
      this.summary = text;
      setText(this.days, ` ${text}`);
      drawStrip(this.strip, days);
    }
  }
}

/** The API lists 20 at most. */
const openText = (open) => `${open.length >= 20 ? "20 or more" : open.length} open`;

export class Tiles {
  #list;
  #tiles = new Map();

  /** @param {HTMLElement} list @param {(slug: string) => void} choose */
  constructor(list, choose) {
    this.#list = list;
    list.addEventListener("click", (event) => this.#clicked(event, choose));
    list.addEventListener("keydown", (event) => this.#moved(event));
    list.addEventListener("focusin", (event) => this.#reach(event.target.closest("a")));
  }

  /** @param {object[]} providers those to show, in order */
  show(providers, all) {
    const today = new Date().toISOString().slice(0, 10);
    arrange(this.#list, providers.map((provider) => this.#tile(provider, today).element));
    for (const slug of this.#tiles.keys()) {
      if (!all.has(slug)) {
        this.#tiles.delete(slug);
      }
    }
    const reachable = this.#list.querySelector("a[tabindex='0']") ?? this.#list.querySelector("a");
    this.#reach(reachable);
  }

  #tile(provider, today) {
    let tile = this.#tiles.get(provider.slug);
    if (!tile) {
      tile = new Tile(provider.slug);
      this.#tiles.set(provider.slug, tile);
    }
    tile.show(provider, today);
    return tile;
  }

  /** One tile at a time is on the way of the Tab key; arrows lead to the others. */
  #reach(link) {
    if (link && link.tabIndex !== 0) {
      this.#tiles.forEach((tile) => (tile.link.tabIndex = -1));
      link.tabIndex = 0;
    }
  }

  #clicked(event, choose) {
    const link = event.target.closest("a");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      choose(link.dataset.slug);
    }
  }

  #moved(event) {
    const links = [...this.#list.querySelectorAll("a")];
    const here = links.indexOf(event.target);
    const there = {ArrowRight: here + 1, ArrowLeft: here - 1, Home: 0, End: links.length - 1,
      ArrowDown: here + this.#columns(), ArrowUp: here - this.#columns()}[event.key];
    if (here >= 0 && there !== undefined && links[there]) {
      event.preventDefault();
      links[there].focus();
      links[there].closest("li").scrollIntoView({block: "nearest"});
    }
  }

  #columns() {
    const [first, ...rest] = this.#list.children;
    const below = rest.findIndex((tile) => tile.offsetTop > first.offsetTop);
    return below < 0 ? rest.length + 1 : below + 1;
  }
}

export const countText = (shown, all) => (shown === all ? String(all) : `${shown} of ${all}`);
