// How fast it is drawn.

import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import {close, look, LOOKS, TRIES} from "./browser.js";
import {incident, postAll, World} from "./world.js";

/** Milliseconds from the data to the painted page. */
const LIMIT = 300;

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
    await postAll(world, bodies);
    const page = await look(world);
    await page.waitForFunction(() => document.querySelectorAll("#tiles > li").length === 300);
    await close(page);
  });
  after(() => world.stop());

  for (const name of ["light", "phone", "wall"]) {
    it(`is drawn in time: ${name}`, async (t) => {
      const times = [];
      for (let i = 0; i < TRIES; ++i) {
        const page = await look(world, LOOKS[name]);
        assert.equal(await page.locator("#tiles > li").count(), 300);
        const drawn = await page.evaluate(() => performance.getEntriesByName("board-render")[0].duration);
        times.push(drawn / (await slowness(page)));
        await close(page);
      }
      t.diagnostic(`drawn in ${times.map((time) => time.toFixed(0)).join(", ")} ms`);
      assert.ok(Math.min(...times) < LIMIT);
    });
  }
});
