// The one browser of these tests, and pages in it that look at the board.

import assert from "node:assert/strict";
import {readFileSync} from "node:fs";
import {createRequire} from "node:module";
import {after, before} from "node:test";
import {chromium} from "playwright-core";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const LOOKS = {
  light: {colorScheme: "light"},
  dark: {colorScheme: "dark"},
  phone: {colorScheme: "light", viewport: {width: 390, height: 844}, isMobile: true, hasTouch: true},
  wall: {colorScheme: "dark", viewport: {width: 1920, height: 1080}, query: "?wall=1"},
};

/** The best of several tries is what the board can do; a busy machine makes single ones slow. */
export const TRIES = 5;

let browser;
/** Debian's; as root it wants no sandbox. */
before(async () => (browser = await chromium.launch({executablePath: "/usr/bin/chromium", args: ["--no-sandbox"]})));
after(() => browser.close());

export const newContext = (options) => browser.newContext(options);

/** A page on the board that has read it, and what its console said that nobody wants to hear. */
export async function look(world, {query = "", ...options} = {}) {
  // Waiting for functions means evaluating them, which the page's policy forbids; and without it the page has to be safe too.
  const context = await newContext({bypassCSP: true, ...options});
  const page = await context.newPage();
  page.complaints = [];
  page.on("pageerror", (error) => page.complaints.push(error.message));
  page.on("console", (message) => message.type() === "error" && page.complaints.push(message.text()));
  page.on("dialog", (dialog) => page.complaints.push(`a dialog: ${dialog.message()}`) && dialog.dismiss());
  page.on("request", (request) => new URL(request.url()).origin === world.url || request.url().startsWith("data:") || page.complaints.push(`a request to ${request.url()}`));
  await page.goto(world.url + "/" + query);
  await read(page);
  return page;
}

/** Until the page, which was loaded anew, has read the board. */
export async function read(page) {
  await page.locator("#live", {hasText: "Live"}).waitFor();
  await page.waitForFunction(() => performance.getEntriesByName("board-render").length > 0);
}

export const close = (page) => page.context().close();

export async function assertAccessible(page) {
  await page.addScriptTag({content: axe});
  const {violations} = await page.evaluate(() => globalThis.axe.run());
  const serious = violations.filter((one) => ["serious", "critical"].includes(one.impact));
  assert.deepEqual(serious.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).slice(0, 3).join(" ")}`), []);
}

/** What the browser makes of the style of each element that fits. */
export const styles = (page, selector, property) => page.locator(selector).evaluateAll((elements, name) => elements.map((element) => getComputedStyle(element)[name]), property);
