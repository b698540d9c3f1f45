// What the viewer asked to see. It lives in the page's address, so that a copied link shows the same.

import {entryState, known, sentence, STATES, stateWord} from "./states.js";

const KINDS = ["incident", "maintenance", "component"];

/** @typedef {{q: string, states: string[], provider: string, kind: string}} Filter */

/** @returns {Filter} */
export function filterOf(search) {
  const parameters = new URLSearchParams(search);
  const kind = parameters.get("kind") ?? "";
  return {
    q: (parameters.get("q") ?? "").slice(0, 200),
    states: (parameters.get("state") ?? "").split(",").filter((state) => STATES.includes(state)),
    provider: parameters.get("provider") ?? "",
    kind: KINDS.includes(kind) ? kind : "",
  };
}

/** The address of `filter`, with whatever else the present one says (wall=1). */
export function searchOf(filter, present = location.search) {
  const parameters = new URLSearchParams(present);
  const values = {q: filter.q.trim(), state: filter.states.join(","), provider: filter.provider, kind: filter.kind};
  for (const [name, value] of Object.entries(values)) {
    if (value) {
      parameters.set(name, value);
    } else {
      parameters.delete(name);
    }
  }
  const text = parameters.toString().replaceAll("%2C", ",");
  return text ? `?${text}` : location.pathname;
}

export const isFiltered = (filter) => Boolean(filter.q.trim() || filter.states.length || filter.provider || filter.kind);

/** The words of a search, as the store reads them: all must occur; a `*` at a word's end changes nothing here. */
export const wordsOf = (q) => q.toLowerCase().split(/\s+/).map((word) => word.replace(/\*$/, "")).filter(Boolean);

const holds = (text, words) => words.every((word) => text.includes(word));

/** Whether a provider's tile is shown. */
export function providerMatches(provider, filter, words) {
  return (!filter.provider || provider.slug === filter.provider)
    && (filter.states.length === 0 || filter.states.includes(known(provider.status)))
    && (words.length === 0 || holds(providerText(provider), words));
}

/** Whether an open incident or a maintenance is shown; by state goes its provider's, so that tiles and list tell one story. */
export function entryMatches(entry, filter, words, providers) {
  return (!filter.provider || entry.provider === filter.provider)
    && (!filter.kind || entry.kind === filter.kind)
    && (filter.states.length === 0 || filter.states.includes(known(providers.get(entry.provider)?.status ?? entryState(entry))))
    && (words.length === 0 || holds(entryText(entry), words));
}

function providerText(provider) {
  const names = [...provider.components, ...provider.open_incidents].map((part) => part.name);
  return [provider.name, provider.slug, stateWord(provider.status), ...names].join("\n").toLowerCase();
}

function entryText(entry) {
  const names = entry.components.map((part) => part.name);
  return [entry.provider_name, entry.provider, entry.name, sentence(entry.status), entry.message, ...names].join("\n").toLowerCase();
}
