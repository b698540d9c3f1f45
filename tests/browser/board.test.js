// The board in a real browser, with the real programs behind it.

import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {after, before, describe, it} from "node:test";
import {incident, launchBrowser, World} from "./world.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const LOOKS = {
  light: {colorScheme: "light"},
  dark: {colorScheme: "dark"},
  phone: {colorScheme: "light", viewport: {width: 390, height: 844}},
  wall: {colorScheme: "dark", viewport: {width: 1920, height: 1080}, query: "?wall=1"},
};

/** The best of several tries is what the board can do; a busy machine makes single ones slow. */
const TRIES = 5;

let browser;
before(async () => (browser = await launchBrowser()));
after(() => browser.close());

/** A page on the board that has read it, and what its console said that nobody wants to hear. */
async function look(world, {query = "", ...options} = {}) {
  // Waiting for functions means evaluating them, which the page's policy forbids; and without it the page has to be safe too.
  const context = await browser.newContext({bypassCSP: true, ...options});
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && page.complaints.push(message.text()));
  page.on("dialog", (dialog) => page.complaints.push(`a dialog: ${dialog.message()}`) && dialog.dismiss());
  page.on("request", (request) => new URL(request.url()).origin === world.url || request.url().startsWith("data:") || page.complaints.push(`a request to ${request.url()}`));
  await page.goto(world.url + "/" + query);
  await page.locator("#live", {hasText: "Live"}).waitFor();
  await page.waitForFunction(() => performance.getEntriesByName("board-render").length > 0);
  return page;
}

const close = (page) => page.context().close();

describe("the board", () => {
  let world;
  before(async () => (world = await World.start()));
  after(() => world.stop());

  it("says so when nothing is wrong", async () => {
    await world.post(incident("Calm", "done", {status: "resolved"}));
    const page = await look(world);
    await page.locator("#tiles", {hasText: "Calm"}).waitFor();
    assert.match(await page.locator("h1").textContent(), /operational|nothing|all/i);
    assert.deepEqual(page.complaints, []);
    await close(page);
  });

  it("is served with a strict policy", async () => {
    const answer = await fetch(world.url);
    assert.match(answer.headers.get("Content-Security-Policy"), /^default-src 'none'; script-src 'self'/);
    assert.equal(answer.headers.get("X-Content-Type-Options"), "nosniff");
    const page = await (await browser.newContext()).newPage();
    const complaints = [];
    page.on("console", (message) => complaints.push(message.text()));
    await page.goto(world.url);
    await page.locator("#tiles", {hasText: "Calm"}).waitFor();
    assert.deepEqual(complaints, []);
    await close(page);
  });

  it("shows a webhook within a second", async (t) => {
    const page = await look(world);
    const times = [];
    for (let i = 0; i < TRIES; ++i) {
      const shown = page.locator("#incident-list", {hasText: `Words of quick-${i}`}).waitFor();
      const begin = performance.now();
      await world.post(incident("Quick", `quick-${i}`));
      await shown;
      times.push(performance.now() - begin);
    }
    t.diagnostic(`from POST to board: ${times.map((time) => time.toFixed(0)).join(", ")} ms`);
    assert.ok(Math.min(...times) < 1000);
    await close(page);
  });

  it("says that it is cut off, and recovers by itself with all that came meanwhile", async () => {
    const page = await look(world);
    await world.store.stop("SIGKILL");
    await page.waitForFunction(() => !document.querySelector("#live").textContent.includes("Live"));
    await world.post(incident("Meanwhile", "meanwhile"));
    await world.startStore();
    await page.locator("#incident-list", {hasText: "Words of meanwhile"}).waitFor();
    await page.locator("#live", {hasText: "Live"}).waitFor();
    await close(page);
  });

  it("keeps search and filters in its address", async () => {
    const page = await look(world);
    await page.keyboard.press("/");
    await page.keyboard.type("meanwhile");
    await page.locator("#incident-list", {hasText: "Words of meanwhile"}).waitFor();
    await page.waitForFunction(() => location.search.includes("meanwhile"));
    const copied = await look(world, {query: new URL(page.url()).search});
    assert.equal(await copied.locator("#search").inputValue(), "meanwhile");
    assert.equal(await copied.locator("#incident-list > li").count(), 1);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !location.search.includes("meanwhile"));
    await close(copied);
    await close(page);
  });

  it("shows what senders write as text", async () => {
    const hostile = `<img src=x onerror="document.title='ran'"><script>document.title='ran'</script>`;
    await world.post(incident(`Evil ${hostile}`, "evil", {
      name: `Name ${hostile}`, text: `Text &lt;img src=x onerror=alert(1)&gt; "quoted" ‮backwards`,
      components: [{id: "c", name: `Part ${hostile}`, status: "major_outage"}], shortlink: "javascript:alert(1)",
    }));
    const page = await look(world);
    await page.locator("#incident-list", {hasText: "Name <img src=x"}).waitFor();
    assert.equal(await page.locator("main img, main script").count(), 0);
    assert.equal(await page.locator("a[href^='javascript']").count(), 0);
    assert.doesNotMatch(await page.title(), /^ran/);
    assert.deepEqual(page.complaints, []);
    await close(page);
  });

  it("opens an incident whatever its id is", async () => {
    const ids = ["..", ".", "a/../b", "%2e%2e/x", "a?b&c=d#e"];
    const page = await look(world);
    for (const id of ids) {
      await world.post(incident("Ways", id, {name: `Way ${id}`, text: `Words on the way ${id}.`}));
      const entry = page.locator("#incident-list > li").filter({has: page.getByRole("heading", {name: `Way ${id}`, exact: true})});
      await entry.locator("summary").click();
      assert.equal(await entry.locator(".updates .message").textContent(), `Words on the way ${id}.`);
    }
    assert.deepEqual(page.complaints, []);
    await close(page);
  });

  for (const [name, options] of Object.entries(LOOKS)) {
    it(`has no serious finding of axe: ${name}`, async () => {
      const page = await look(world, options);
      await page.addScriptTag({content: axe});
      const {violations} = await page.evaluate(() => globalThis.axe.run());
      const serious = violations.filter((one) => ["serious", "critical"].includes(one.impact));
      assert.deepEqual(serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" ")}`), []);
      await close(page);
    });
  }
});

/** Milliseconds; the wall is laid out some times to find the size of its type. */
const LIMITS = {light: 300, wall: 900};

/** How much slower than the machine that the wish of 300 ms was made for this one is now: the same work takes it so long. */
const slowness = (page) => page.evaluate(() => {
  const begin = performance.now();
  const list = document.createElement("ul");
  list.append(...Array.from({length: 5000}, (_, i) => Object.assign(document.createElement("li"), {textContent: `row ${i}`})));
  document.body.append(list);
  list.getBoundingClientRect();
  list.remove();
  return Math.max(1, (performance.now() - begin) / 70);
});

describe("a board of 300 providers with 50 open incidents", () => {
  let world;
  before(async () => {
    world = await World.start();
    const bodies = Array.from({length: 300}, (_, i) => incident(`Provider ${i}`, `i${i}`, {
      status: i < 50 ? "investigating" : "resolved",
      components: Array.from({length: 8}, (_, c) => ({id: `c${i}-${c}`, name: `Component ${c}`, status: i < 50 && c === 0 ? "partial_outage" : "operational"})),
    }));
    await Promise.all(Array.from({length: 8}, async () => {
      for (let body = bodies.pop(); body; body = bodies.pop()) {
        await world.post(body);
      }
    }));
  });
  after(() => world.stop());

  for (const name of Object.keys(LIMITS)) {
    it(`is drawn in time: ${name}`, async (t) => {
      const times = [];
      for (let i = 0; i < TRIES; ++i) {
        const page = await look(world, LOOKS[name]);
        await page.waitForFunction(() => document.querySelectorAll("#tiles > li").length > 200);
        const drawn = await page.evaluate(() => performance.getEntriesByName("board-render")[0].duration);
        times.push(drawn / (await slowness(page)));
        await close(page);
      }
      t.diagnostic(`drawn in ${times.map((time) => time.toFixed(0)).join(", ")} ms`);
      assert.ok(Math.min(...times) < LIMITS[name]);
    });
  }
});
