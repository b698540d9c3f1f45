// What arrives is shown, at once, as text, and after a cut by itself.

import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import {close, look, newContext, TRIES} from "./browser.js";
import {incident, Relay, World} from "./world.js";

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
    const page = await (await newContext()).newPage();
    const complaints = [];
    page.on("console", (message) => complaints.push(message.text()));
    for (const query of ["", "?wall=1"]) {
      await page.goto(`${world.url}/${query}`);
      await page.locator("#tiles", {hasText: "Calm"}).waitFor();
    }
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

  it("says so when only the stream is cut, and recovers without a reload", async () => {
    const relay = await Relay.before(world);
    const page = await look(relay);
    await page.evaluate(() => (globalThis.sameDocument = true));
    relay.cut();
    await page.locator("#live", {hasText: "Reconnecting since"}).waitFor();
    assert.match(await page.locator("#banner").innerText(), /the store does not answer/);
    assert.match(await page.title(), /^Not live/);
    await world.post(incident("Unheard", "unheard"));
    await relay.refused;
    relay.mend();
    await page.locator("#live", {hasText: "Live"}).waitFor();
    await page.locator("#incident-list", {hasText: "Words of unheard"}).waitFor();
    assert.doesNotMatch(await page.locator("#banner").innerText(), /does not answer/);
    assert.equal(await page.evaluate(() => globalThis.sameDocument), true);
    await close(page);
    relay.stop();
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
});
