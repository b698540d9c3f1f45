// What a person does with the board: search, filter, keys, theme, times.

import assert from "node:assert/strict";
import {after, before, describe, it} from "node:test";
import {close, look, read, styles} from "./browser.js";
import {incident, postAll, World} from "./world.js";

describe("a person at the board", () => {
  let world;
  before(async () => {
    world = await World.start();
    await postAll(world, [
      incident("North", "north", {impact: "critical"}),
      incident("South", "south", {impact: "minor"}),
      ...["East", "West", "Zenith"].map((name) => incident(name, name, {status: "resolved"})),
    ]);
    const page = await look(world);
    await page.waitForFunction(() => document.querySelectorAll("#tiles > li").length === 5);
    await close(page);
  });
  after(() => world.stop());

  const tilesOf = (page) => page.locator("#tiles a").allTextContents();

  it("keeps search and filters in its address", async () => {
    const page = await look(world);
    await page.keyboard.press("/");
    await page.keyboard.type("north");
    await page.locator("#incident-list", {hasText: "Words of north"}).waitFor();
    await page.waitForFunction(() => location.search.includes("north"));
    const copied = await look(world, {query: new URL(page.url()).search});
    assert.equal(await copied.locator("#search").inputValue(), "north");
    assert.equal(await copied.locator("#incident-list > li").count(), 1);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => !location.search.includes("north"));
    await close(copied);
    await close(page);
  });

  it("finds the filter again after a reload, and undoes it with Back", async () => {
    const page = await look(world);
    const critical = page.locator("#states button[value=major_outage]");
    await critical.click();
    assert.deepEqual(await tilesOf(page), ["North"]);
    await page.reload();
    await read(page);
    assert.equal(await critical.getAttribute("aria-pressed"), "true");
    assert.deepEqual(await tilesOf(page), ["North"]);
    await page.locator("#states button[value=operational]").click();
    assert.deepEqual(await tilesOf(page), ["North", "East", "West", "Zenith"]);
    await page.goBack();
    assert.deepEqual(await tilesOf(page), ["North"]);
    await page.goBack();
    assert.equal((await tilesOf(page)).length, 5);
    await page.goForward();
    assert.deepEqual(await tilesOf(page), ["North"]);
    assert.match(page.url(), /\?state=major_outage$/);
    await close(page);
  });

  it("goes from tile to tile by the arrows, and opens one", async () => {
    const page = await look(world, {viewport: {width: 1280, height: 800}});
    const focused = () => page.evaluate(() => document.activeElement.textContent);
    const [first, second, ...rest] = await tilesOf(page);
    await page.locator("#tiles a").first().focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await focused(), second);
    await page.keyboard.press("End");
    assert.equal(await focused(), rest.at(-1));
    await page.keyboard.press("Home");
    assert.equal(await focused(), first);
    await page.keyboard.press("ArrowDown");
    assert.ok([...rest].includes(await focused()), "the row below");
    await page.keyboard.press("ArrowUp");
    assert.equal(await focused(), first);
    await page.keyboard.press("Enter");
    await page.locator("#provider-name", {hasText: first}).waitFor();
    await page.locator("#past", {hasText: "Nothing."}).waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#provider-name").waitFor({state: "hidden"});
    assert.equal(await focused(), first);
    await close(page);
  });

  it("types a slash into the search when it is there already", async () => {
    const page = await look(world);
    await page.keyboard.press("/");
    await page.keyboard.type("a/b");
    assert.equal(await page.locator("#search").inputValue(), "a/b");
    assert.equal(await page.locator("#no-provider").isVisible(), true);
    await page.keyboard.press("Escape");
    assert.equal(await page.locator("#search").inputValue(), "");
    assert.equal((await tilesOf(page)).length, 5);
    await close(page);
  });

  it("switches the theme, which stays", async () => {
    const page = await look(world, {colorScheme: "light"});
    const ground = async () => (await styles(page, "body", "backgroundColor"))[0];
    const light = await ground();
    await page.locator("#theme").click();
    assert.equal(await page.locator("#theme").textContent(), "Theme: dark");
    const dark = await ground();
    assert.notEqual(dark, light);
    await page.reload();
    await read(page);
    assert.equal(await ground(), dark);
    await page.locator("#theme").click();
    assert.equal(await ground(), light);
    await page.emulateMedia({colorScheme: "dark"});
    assert.equal(await ground(), light);
    await page.locator("#theme").click();
    assert.equal(await ground(), dark);
    await close(page);
  });

  it("reads times in the own zone, and in UTC on hover", async () => {
    const at = "2026-02-20T20:32:00Z";
    await world.post(incident("East", "late", {impact: "none", created_at: at, updated_at: at, incident_updates: [{id: "u", status: "investigating", body: "Since long", created_at: at}]}));
    const page = await look(world, {timezoneId: "Asia/Tokyo", locale: "en-GB"});
    const entry = page.locator("#incident-list > li", {hasText: "Since long"});
    await entry.waitFor();
    assert.match(await entry.locator(".when time").getAttribute("title"), /21 Feb.*05:32 \(2026-02-20 20:32:00 UTC\)$/);
    await entry.locator("summary").click();
    const time = entry.locator(".updates time");
    assert.match(await time.textContent(), /21 Feb.*05:32/);
    assert.equal(await time.getAttribute("title"), "2026-02-20 20:32:00 UTC");
    await close(page);
  });
});
