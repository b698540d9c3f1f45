// Incidents, components and maintenances, as rows that open. A row stays the same element while its entry changes: what was
// opened stays open, and is read again when there is more to read.

import {arrange, glyph, make, outsideLink, setGlyph, setText} from "./dom.js";
import {read} from "./api.js";
import {entryState, impactWord, rank, sentence, stateWord} from "./states.js";
import {makeTime, setTime} from "./times.js";

/** Names listed in a row; the rest is a number. */
const COMPONENTS = 6;

const keyOf = (entry) => `${entry.kind}/${entry.provider}/${entry.id}`;

/** What is worse first, then what changed last. */
export const worstAndNewest = (one, other) => rank(entryState(other)) - rank(entryState(one)) || other.updated_at.localeCompare(one.updated_at);

/** Until when a maintenance is planned to last: "Sun, 7 Jun, 01:00 - 03:00". */
function windowOf(entry) {
  return make("span", {class: "window"}, makeTime(entry.scheduled_for ?? entry.created_at, "local"),
    entry.scheduled_until && " – ", entry.scheduled_until && makeTime(entry.scheduled_until, "local"));
}

class Row {
  constructor(entry) {
    this.glyph = glyph("unknown");
    this.provider = make("span", {class: "provider"});
    this.when = make("span", {class: "when"});
    this.name = make("h3");
    this.facts = make("p", {class: "facts"});
    this.message = make("p", {class: "message"});
    this.updates = make("ol", {class: "updates"});
    this.details = make("details", {}, make("summary", {}, "All updates", make("span", {class: "unseen"}, ` of ${entry.name}`)), this.updates);
    this.link = make("span", {class: "link"});
    this.details.addEventListener("toggle", () => this.details.open && this.#readUpdates());
    this.element = make("li", {class: "entry", "data-kind": entry.kind},
      make("p", {class: "head"}, this.glyph, this.provider, this.when), this.name, this.facts, this.message, this.link, this.details);
  }

  show(entry) {
    if (this.entry === entry || (this.entry && JSON.stringify(this.entry) === JSON.stringify(entry))) {
      this.entry = entry;
      return;
    }
    this.entry = entry;
    this.element.dataset.state = entryState(entry);
    this.element.classList.toggle("over", isOver(entry));
    setGlyph(this.glyph, isOver(entry) ? "operational" : entryState(entry));
    setText(this.provider, entry.provider_name);
    setText(this.name, entry.name || sentence(entry.kind));
    this.facts.replaceChildren(...facts(entry));
    setText(this.message, entry.message);
    this.when.replaceChildren(...whenOf(entry));
    const link = outsideLink(entry.url, "Status page", `Status page of ${entry.provider_name} on ${entry.name}`);
    this.link.replaceChildren(...(link ? [link] : []));
    if (this.details.open) {
      this.#readUpdates();
    }
  }

  async #readUpdates() {
    const {provider, id, kind} = this.entry;
    // Not by its path: the id is the sender's, and the browser would take "a/../b" for a way.
    const path = `incidents/${encodeURIComponent(provider)}?id=${encodeURIComponent(id)}&kind=${kind}`;
    this.updates.setAttribute("aria-busy", "true");
    try {
      const detail = await read(path);
      this.updates.replaceChildren(...detail.updates.map(updateRow));
    } catch (error) {
      this.updates.replaceChildren(make("li", {class: "trouble"}, `The updates can't be read: ${error.message}`));
    }
    this.updates.removeAttribute("aria-busy");
  }
}

function updateRow(update) {
  return make("li", {}, make("p", {class: "head"}, make("span", {class: "status"}, update.status ? sentence(update.status) : "Update"),
    makeTime(update.happened_at, "local")), make("p", {class: "message"}, update.message));
}

/** How long it lasts; of what is over: how long it lasted. */
function whenOf(entry) {
  if (entry.kind === "maintenance") {
    return entry.status === "scheduled" ? ["starts ", makeTime(entry.scheduled_for ?? entry.created_at, "ago")]
      : isOver(entry) ? [makeTime(entry.updated_at, "ago")] : ["under way for ", makeTime(entry.scheduled_for ?? entry.created_at, "lasting")];
  }
  return isOver(entry) ? [makeTime(entry.resolved_at ?? entry.updated_at, "ago")]
    : [make("span", {class: "unseen"}, "lasting for "), makeTime(entry.created_at, "lasting")];
}

const isOver = (entry) => ["resolved", "postmortem", "completed", "operational"].includes(entry.status);

function facts(entry) {
  const status = make("strong", {}, entry.kind === "component" ? stateWord(entry.status) : sentence(entry.status));
  const kind = entry.kind === "component" ? "Component" : entry.kind === "maintenance" ? windowOf(entry) : impactWord(entry.impact);
  const rows = [[status], [kind], componentNames(entry), entry.test && [make("span", {class: "test"}, "Test")]].filter(Boolean);
  return rows.map((row) => make("span", {}, ...row));
}

/** Each for itself: names of both writing directions may stand side by side. */
function componentNames(entry) {
  if (entry.kind === "component" || entry.components.length === 0) {
    return null;
  }
  const names = entry.components.slice(0, COMPONENTS).flatMap((component) => [", ", make("bdi", {}, component.name)]).slice(1);
  const rest = entry.components.length - COMPONENTS;
  return rest > 0 ? [...names, ` and ${rest} more`] : names;
}

/** A list of rows. */
export class Entries {
  #list;
  #rows = new Map();

  constructor(list) {
    this.#list = list;
  }

  show(entries) {
    const rows = new Map(entries.map((entry) => [keyOf(entry), this.#row(entry)]));
    arrange(this.#list, [...rows.values()].map((row) => row.element));
    this.#rows = rows;
  }

  #row(entry) {
    const row = this.#rows.get(keyOf(entry)) ?? new Row(entry);
    row.show(entry);
    return row;
  }
}
