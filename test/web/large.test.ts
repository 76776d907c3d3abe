/** A page that shows much draws little: ten thousand turns of a loop, in a real browser, at a real hub. What it takes is counted; how long it takes is for `bench/page.ts`. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { manyNodes } from "../../bench/page/many-nodes.ts";
import { compile } from "../../src/compiler/compile.ts";
import { open } from "../../src/open.ts";
import { projectFolder, type Running } from "../cli/command-line.ts";
import { freePort, kill, startHub } from "../runtime/hub/campaign/processes.ts";
import { needsPage, openBrowser } from "./browser.ts";

const turns = 10_000;
/** Of any view, however much there is to show. */
const mostElements = 2_500;

const folder = projectFolder({ "wide.ts": manyNodes(1_000) });
let address: string;
let hub: Running;
let browser: Browser;

beforeAll(async () => {
  needsPage();
  const opening = openBrowser();
  await run();
  const port = await freePort();
  address = `http://127.0.0.1:${port}`;
  [hub, browser] = await Promise.all([startHub(folder, "store", port), opening]);
}, 90_000);

afterAll(async () => {
  await browser?.close();
  if (hub) await kill(hub);
  rmSync(folder, { recursive: true, force: true });
});

test("every view of a loop of 10,000 turns has a bounded number of elements, and knows all of it", async () => {
  const page = await pageAt("/runs/long");
  const subscribed: string[] = [];
  page.on("request", (request) => {
    if (request.method() === "POST") subscribed.push(request.url());
  });
  const shows = async (tab: string, what: string | RegExp) => {
    await page.getByRole("link", { name: tab, exact: true }).click();
    await page.getByText(what).first().waitFor();
    const elements = await page.evaluate("document.querySelectorAll('*').length");
    expect({ tab, elements, few: Number(elements) < mostElements }).toMatchObject({ tab, few: true });
  };
  await shows("graph", `all ${turns}`);
  subscribed.length = 0;
  await shows("table", "loop1[1]/best");
  await shows("timeline", / lanes?$/);
  await shows("tasks", `loop1[${turns}]/best`);
  await shows("decisions", `→ done (after ${turns} iterations)`);
  await page.getByRole("link", { name: "tasks", exact: true }).click();
  await page.getByLabel("Filter by status").selectOption("completed");
  await page.locator("search").getByText(String(turns)).waitFor();
  // It was told once, for all of them.
  expect(subscribed).toEqual([]);
  await page.close();
}, 60_000);

test("a turn of many is looked at by itself, with what it decided", async () => {
  const page = await pageAt("/runs/long");
  await page.getByText(`all ${turns}`).waitFor();
  for (const _ of [1, 2]) await page.getByRole("button", { name: "The turn before" }).click();
  await page.getByText(`${turns - 1} of ${turns}`).waitFor();
  await page.locator('[data-path="loop1[]/best"]').getByText(/^✓ \d/).waitFor();
  await page.locator('[data-path="loop1[]/best"]').press("Enter");
  const about = page.getByRole("complementary");
  await about.getByRole("link", { name: `loop1[${turns - 1}]/best` }).waitFor();
  await page.locator(".title").press("Enter");
  await about.getByText(`→ again (iteration ${turns - 1})`).waitFor();
  await page.close();
});

test("a graph of 1,000 nodes is drawn where it is looked at, and Tab goes on from where it was", async () => {
  const page = await pageAt("/runs/wide");
  const focused = () => page.evaluate("document.activeElement.dataset.id");
  await page.locator("[data-path]").first().waitFor();
  expect(await page.locator("svg *").count()).toBeLessThan(mostElements);
  await page.locator(".title").first().focus();
  for (let i = 0; i < 40; i++) await page.keyboard.press("Tab");
  const before = await focused();
  expect(before).toBeDefined();
  await page.locator(".drawing").hover();
  for (let i = 0; i < 20; i++) await page.mouse.wheel(0, 2_000);
  expect(await focused()).toBe(before);
  await page.keyboard.press("Tab");
  expect(await focused()).toBeDefined();
  expect(await focused()).not.toBe(before);
  await page.getByRole("button", { name: "Show all of it" }).click();
  expect(await page.locator("svg *").count()).toBeLessThan(2 * mostElements);
  await page.close();
});

test("where nothing happens, nothing is asked for", async () => {
  const paths = ["/", "/runs/long", "/runs/long/table", "/runs/long/timeline", "/tasks/long", "/start", "/queues"];
  const pages = await Promise.all(paths.map(pageAt));
  const asked = new Set<string>();
  for (const page of pages) page.on("request", (request) => asked.add(new URL(request.url()).pathname));
  const askedIn = async (ms: number) => {
    asked.clear();
    await new Promise((resolve) => setTimeout(resolve, ms));
    return [...asked];
  };
  while ((await askedIn(1_000)).length > 0);
  // The time is what is tested. Where the machine stood still for so long that a stream was given up, it begins anew.
  let found = await askedIn(10_000);
  while (found.some((path) => path.endsWith("/channels"))) found = await askedIn(10_000);
  expect(found).toEqual([]);
  await Promise.all(pages.map((page) => page.close()));
}, 60_000);

async function pageAt(path: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.setDefaultTimeout(20_000);
  await page.goto(address + path);
  await page.locator(".heard.live").waitFor();
  return page;
}

/** A long one and a wide one. */
async function run(): Promise<void> {
  const long = await compile(join(import.meta.dirname, "../../bench/page/many-turns.ts"));
  const wide = await compile(join(folder, "wide.ts"));
  await using reprise = await open({ store: join(folder, "store"), isolation: "inline", slots: 1 });
  const runs = [
    await reprise.start(long.pipeline, { quick: turns, slow: 0, ms: 0 }, { id: "long" }),
    await reprise.start(wide.pipeline, { turns: 1 }, { id: "wide" }),
  ];
  await Promise.all(runs.map((run) => run.result()));
}
