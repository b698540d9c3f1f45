// How it looks: empty, on a phone, on a wall, in both themes, with names that nobody would choose.

import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import {assertAccessible, close, look, LOOKS, styles} from "./browser.js";
import {incident, postAll, World} from "./world.js";

describe("a board that has heard nothing", () => {
  let world;
  before(async () => (world = await World.start()));
  after(() => world.stop());

  for (const [name, options] of Object.entries(LOOKS)) {
    it(`says how a first webhook is sent: ${name}`, async () => {
      const page = await look(world, options);
      assert.match(await page.locator("#welcome:visible").innerText(), /curl -X POST .*\/test/);
      assert.equal(await page.locator(["#providers", "#side", "#search", "#states"].map((part) => `${part}:visible`).join()).count(), 0);
      await assertAccessible(page);
      await close(page);
    });
  }

  it("is an ordinary one from the first webhook on", async () => {
    const page = await look(world);
    await world.post(incident("First", "first"));
    await page.locator("#tiles", {hasText: "First"}).waitFor();
    assert.equal(await page.locator("#welcome").isVisible(), false);
    assert.equal(await page.locator("#search").isVisible(), true);
    await close(page);
  });
});

const LONG = `Nameless${"-without-a-space".repeat(12)}${"x".repeat(200)}`;
const HEBREW = "\u05de\u05e2\u05e8\u05db\u05ea 24/7";

describe("a board with a few providers", () => {
  let world;
  before(async () => {
    world = await World.start();
    await postAll(world, [
      incident("Worst", "worst", {impact: "critical", name: LONG, text: LONG, components: [{id: "c", name: LONG, status: "major_outage"}]}),
      incident(LONG, "long", {impact: "minor"}),
      incident(HEBREW, "hebrew", {name: `${HEBREW} \u202ebackwards`, components: [{id: "a", name: HEBREW, status: "partial_outage"}, {id: "b", name: "API", status: "operational"}]}),
      incident("Planned", "planned", {status: "in_progress", impact: "maintenance", scheduled_for: new Date().toISOString(), scheduled_until: new Date(Date.now() + 3_600_000).toISOString()}),
      ...["Calm", "Quiet"].map((name) => incident(name, `${name} over`, {status: "resolved", impact: "critical"})),
    ]);
    const page = await look(world);
    await page.waitForFunction(() => document.querySelectorAll("#tiles > li").length === 6 && document.querySelectorAll("#maintenance-list > li").length === 1);
    await close(page);
  });
  after(() => world.stop());

  for (const [name, options] of Object.entries(LOOKS)) {
    it(`has no serious finding of axe, and nothing wider than the screen: ${name}`, async () => {
      const page = await look(world, options);
      await assertAccessible(page);
      const {width} = page.viewportSize();
      assert.ok(await page.evaluate(() => document.body.scrollWidth) <= width, "it scrolls sideways");
      const ends = await page.locator("main li, main p, main h3").evaluateAll((elements) => elements.map((element) => element.getBoundingClientRect().right));
      assert.ok(Math.max(...ends) <= width);
      assert.deepEqual(await page.locator(".entry:not(.dense *) :is(h3, p)").evaluateAll((elements) => elements.filter((element) => element.scrollWidth > element.clientWidth + 1).map((element) => element.textContent)), []);
      assert.deepEqual(page.complaints, []);
      await close(page);
    });
  }

  it("has no serious finding of axe with one provider and its past open", async () => {
    for (const look_ of [LOOKS.light, LOOKS.dark]) {
      const page = await look(world, {...look_, query: "?provider=calm"});
      await page.locator("#past-list > li").waitFor();
      await page.locator("#past-list summary").click();
      await page.locator("#past-list .updates .message").waitFor();
      await assertAccessible(page);
      await close(page);
    }
  });

  it("shows what is over in no colour of alarm", async () => {
    const page = await look(world, {query: "?q=words*"});
    const [over, open] = [page.locator("#past-list > li", {hasText: "Resolved"}).first(), page.locator("#past-list > li", {hasText: "Investigating"}).first()];
    await over.waitFor();
    const [colors] = await Promise.all([[over, open].map((entry) => entry.locator(".facts strong, .glyph").evaluateAll((elements) => elements.map((element) => getComputedStyle(element).color)))]);
    const [calm, alarm] = await Promise.all(colors);
    const soft = await page.locator("h2").first().evaluate((element) => getComputedStyle(element).color);
    assert.deepEqual(calm, [soft, soft]);
    assert.ok(alarm.every((color) => color !== soft), alarm.join());
    assert.equal(await over.locator("use").getAttribute("href"), "#shape-operational");
    await close(page);
  });

  it("keeps each sender's writing direction to itself", async () => {
    const page = await look(world);
    for (const selector of ["#tiles a", ".entry .provider", ".entry h3", ".entry .message", ".facts bdi"]) {
      const kinds = new Set(await styles(page, selector, "unicodeBidi"));
      assert.deepEqual([...kinds], ["plaintext"], selector);
    }
    const facts = page.locator("#incident-list > li", {hasText: "backwards"}).locator(".facts");
    assert.ok((await facts.textContent()).endsWith(`${HEBREW}, API`));
    await close(page);
  });

  it("tells each state by shape and word besides the colour", async () => {
    const page = await look(world);
    const told = await page.locator("#tiles > li").evaluateAll((tiles) => tiles.map((tile) => [tile.querySelector("use").getAttribute("href"), tile.querySelector(".state").textContent]));
    const pairs = new Map(told);
    assert.deepEqual(pairs, new Map([["#shape-major_outage", "Major outage"], ["#shape-partial_outage", "Partial outage"], ["#shape-degraded_performance", "Degraded"],
      ["#shape-under_maintenance", "Under maintenance"], ["#shape-operational", "Operational"]]));
    await close(page);
  });

  it("fills a wall with large type", async () => {
    const page = await look(world, LOOKS.wall);
    assert.ok(parseFloat((await styles(page, ".tile h3", "fontSize"))[0]) >= 26);
    assert.deepEqual(await cutOff(page), []);
    await world.post(incident("Late", "late", {impact: "critical"}));
    await page.locator("#tiles", {hasText: "Late"}).waitFor();
    await page.waitForFunction(() => document.querySelector("#providers").scrollHeight <= document.querySelector("#providers").clientHeight + 1);
    await close(page);
  });
});

/** What can be seen in part only. */
const cutOff = (page) => page.locator("#tiles > li:visible, .entries > li:visible").evaluateAll((items) => items
  .filter((item) => item.getBoundingClientRect().bottom > item.closest("#providers, #side").getBoundingClientRect().bottom + 1).map((item) => item.textContent));

describe("a board with more than a wall can hold", () => {
  let world;
  before(async () => {
    world = await World.start();
    await postAll(world, Array.from({length: 150}, (_, i) => incident(`Provider ${i}`, `i${i}`, {status: i < 30 ? "investigating" : "resolved"})));
    const page = await look(world);
    await page.waitForFunction(() => document.querySelectorAll("#tiles > li").length === 150);
    await close(page);
  });
  after(() => world.stop());

  it("leaves out whole rows of what is well, and says how many", async () => {
    const page = await look(world, LOOKS.wall);
    assert.deepEqual(await cutOff(page), []);
    const shown = await page.locator("#tiles > li:visible").count();
    assert.equal(await page.locator("#tiles > li:visible:not([data-state=operational])").count(), 30);
    assert.equal(await page.locator("#providers > .more").textContent(), `not shown: ${150 - shown} operational`);
    const listed = await page.locator("#incident-list > li:visible").count();
    assert.equal(await page.locator("#side > .more").textContent(), `and ${30 - listed} more`);
    const sizes = await styles(page, "#tiles > li :visible, .entries > li :visible", "fontSize");
    assert.ok(Math.min(...sizes.map(parseFloat)) >= 15, `${Math.min(...sizes.map(parseFloat))} px`);
    await close(page);
  });

  it("shows more again when there is less to show, and on a larger screen", async () => {
    const page = await look(world, LOOKS.wall);
    const shown = await page.locator("#tiles > li:visible").count();
    await page.setViewportSize({width: 3840, height: 1080});
    await page.waitForFunction((before) => document.querySelectorAll("#tiles > li:not(.beyond)").length > before, shown);
    assert.deepEqual(await cutOff(page), []);
    await close(page);
  });
});
