// The states that a provider, a component or a day can be in: their order, their words, their shapes.

/** @typedef {"operational"|"unknown"|"under_maintenance"|"degraded_performance"|"partial_outage"|"major_outage"} State */

/** Best first, as a rank: what is worse is shown further up. */
export const STATES = /** @type {const} */ ([
  "operational", "unknown", "under_maintenance", "degraded_performance", "partial_outage", "major_outage",
]);

export const WORST_FIRST = [...STATES].reverse();

const WORDS = {
  operational: "Operational",
  unknown: "Unknown",
  under_maintenance: "Under maintenance",
  degraded_performance: "Degraded",
  partial_outage: "Partial outage",
  major_outage: "Major outage",
};

const IMPACT_STATES = {
  none: "operational",
  maintenance: "under_maintenance",
  minor: "degraded_performance",
  major: "partial_outage",
  critical: "major_outage",
};

const IMPACT_WORDS = {none: "No impact", minor: "Minor impact", major: "Major impact", critical: "Critical impact", maintenance: "Maintenance"};

/** A state of a later version of the API is shown as one that we don't know. */
export const known = (state) => (STATES.includes(state) ? state : "unknown");
export const rank = (state) => STATES.indexOf(known(state));
export const stateWord = (state) => WORDS[known(state)];
export const impactWord = (impact) => IMPACT_WORDS[impact] ?? sentence(impact);

/** How an entry of the incident list looks: a component by its status, the rest by their impact. */
export function entryState(entry) {
  return entry.kind === "component" ? known(entry.status) : known(IMPACT_STATES[entry.impact] ?? "unknown");
}

/** "in_progress" as "In progress". */
export function sentence(word) {
  const text = String(word).replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
