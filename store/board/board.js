// The board: reads the store's API, shows what it says, hears of news by its stream. This file joins the parts; each of
// modules/ does one thing. `board` is what the store knows, `filter` what the viewer wants of it, the page follows from both.

import {Announcer} from "./modules/announce.js";
import {setText} from "./modules/dom.js";
import {Entries, worstAndNewest} from "./modules/entries.js";
import {entryMatches, filterOf, isFiltered, providerMatches, searchOf, wordsOf} from "./modules/filters.js";
import {countStates, Headline, verdict} from "./modules/headline.js";
import {startKeys} from "./modules/keys.js";
import {Live} from "./modules/live.js";
import {ProviderPanel} from "./modules/provider.js";
import {Results} from "./modules/results.js";
import {Rounds} from "./modules/rounds.js";
import {Standing} from "./modules/standing.js";
import {startTheme} from "./modules/theme.js";
import {countText, Tiles, worstFirst} from "./modules/tiles.js";
import {tick} from "./modules/times.js";
import {Wall} from "./modules/wall.js";

const find = (selector) => document.querySelector(selector);
const search = find("#search");
const kindChoice = find("#kind");
const providerChoice = find("#provider-choice");
const chips = [...document.querySelectorAll("#states button")];

const board = {providers: new Map(), incidents: [], maintenances: []};
let filter = filterOf(location.search);
let known = false;

const wall = new URLSearchParams(location.search).get("wall") === "1" ? new Wall() : null;
const headline = new Headline();
const tiles = new Tiles(find("#tiles"), (slug) => choose({provider: filter.provider === slug ? "" : slug}));
const incidents = new Entries(find("#incident-list"));
const maintenances = new Entries(find("#maintenance-list"));
const panel = new ProviderPanel();
const results = new Results();
const announcer = new Announcer();

const rounds = new Rounds(board, {data: arrived, trouble: (error) => standing.unreadable(error)});
const standing = new Standing({changed: showHeadline, silent, answers});
const live = new Live({update: heard, fresh, cut: () => standing.cut()});
let wasSilent = false;

function heard(update) {
  rounds.changed(update.provider);
}

function fresh() {
  standing.connected();
  rounds.everything();
}

/** The stream may seem open long after the store, or the way there, is gone. */
function silent() {
  wasSilent = true;
  standing.cut();
}

function answers() {
  if (wasSilent) {
    wasSilent = false;
    live.connect();
  }
}

function arrived() {
  standing.read();
  if (!known) {
    known = true;
    measurePaint();
  }
  show();
  announcer.show(openEntries());
  results.again();
}

/** From the first data until it can be seen. Only the first: a board that runs for months keeps no list of measures. */
function measurePaint() {
  performance.mark("board-data");
  requestAnimationFrame(() => setTimeout(() => performance.measure("board-render", "board-data")));
}

/** A maintenance under way has its own list. */
const openEntries = () => board.incidents.filter((entry) => entry.kind !== "maintenance");

function show() {
  const words = wordsOf(filter.q);
  const matching = (entries) => entries.filter((entry) => entryMatches(entry, filter, words, board.providers));
  const all = [...board.providers.values()].sort(worstFirst);
  const providers = all.filter((provider) => providerMatches(provider, filter, words));
  showHeadline();
  showFilter(all);
  tiles.show(providers, board.providers);
  setText(find("#provider-count"), countText(providers.length, all.length));
  showEntries(matching(openEntries()).sort(worstAndNewest), matching(board.maintenances));
  panel.show(board.providers.get(filter.provider));
  results.show(filter);
  wall?.fit();
}

function showEntries(open, planned) {
  incidents.show(open);
  maintenances.show(planned);
  setText(find("#incident-count"), open.length > 0 ? String(open.length) : "");
  setText(find("#maintenance-count"), planned.length > 0 ? String(planned.length) : "");
  find("#incidents").hidden = filter.kind === "maintenance";
  find("#no-incident").hidden = open.length > 0;
  find("#maintenances").hidden = planned.length === 0;
  document.documentElement.classList.toggle("quiet", open.length === 0 && planned.length === 0);
  document.documentElement.classList.toggle("empty", board.providers.size === 0);
}

function showHeadline() {
  if (known) {
    headline.show(verdict([...board.providers.values()], openEntries().length), {live: standing.live});
  }
}

function showFilter(all) {
  const counts = countStates(all);
  for (const chip of chips) {
    const state = chip.value;
    setText(chip.querySelector(".count"), String(counts[state]));
    chip.setAttribute("aria-pressed", String(filter.states.includes(state)));
    chip.hidden = counts[state] === 0 && !filter.states.includes(state);
  }
  showProviderChoice(all);
  kindChoice.value = filter.kind;
  if (search !== document.activeElement) {
    search.value = filter.q;
  }
  find("#clear").hidden = !isFiltered(filter);
  find("#no-provider").hidden = all.length === 0 || all.some((provider) => providerMatches(provider, filter, wordsOf(filter.q)));
}

/** Built anew only when there are other providers than before: an open list stays as it is. */
function showProviderChoice(all) {
  const names = all.map((provider) => [provider.slug, provider.name]).sort(([, one], [, other]) => one.localeCompare(other));
  if (filter.provider && !board.providers.has(filter.provider)) {
    names.push([filter.provider, filter.provider]);
  }
  const text = JSON.stringify(names);
  if (providerChoice.dataset.names !== text) {
    providerChoice.dataset.names = text;
    providerChoice.replaceChildren(new Option("All providers", ""), ...names.map(([slug, name]) => new Option(name, slug)));
  }
  providerChoice.value = filter.provider;
}

/** A choice is a step that the browser's Back undoes; typing is not, key by key. */
function choose(change, {step = true} = {}) {
  filter = {...filter, ...change};
  const address = searchOf(filter);
  if (address !== (location.search || location.pathname)) {
    history[step ? "pushState" : "replaceState"](null, "", address);
  }
  show();
}

function clear() {
  if (isFiltered(filter)) {
    search.value = "";
    choose({q: "", states: [], provider: "", kind: ""});
  }
}

function toggled(state) {
  return filter.states.includes(state) ? filter.states.filter((one) => one !== state) : [...filter.states, state];
}

function listen() {
  search.addEventListener("input", () => choose({q: search.value}, {step: false}));
  find("form").addEventListener("submit", (event) => event.preventDefault());
  kindChoice.addEventListener("change", () => choose({kind: kindChoice.value}));
  providerChoice.addEventListener("change", () => choose({provider: providerChoice.value}));
  chips.forEach((chip) => chip.addEventListener("click", () => choose({states: toggled(chip.value)})));
  find("#clear").addEventListener("click", clear);
  window.addEventListener("popstate", () => {
    filter = filterOf(location.search);
    search.value = filter.q;
    show();
  });
  document.addEventListener("visibilitychange", () => document.hidden || standing.check());
  startKeys(search, clear);
}

function beat() {
  tick();
  wall?.tick();
  setTimeout(beat, 1000 - (Date.now() % 1000));
}

startTheme(find("#theme"), {wall: Boolean(wall)});
search.value = filter.q;
listen();
live.connect();
rounds.everything();
standing.check();
beat();
