/**
 * How fast the page is: a real hub, real runs, a real browser, each figure beside its bound: `npm run bench:page [SECONDS]`. Where the processor's own time can be told, it is
 * what is bounded: what else the machine does at the time is nobody's promise.
 */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../src/compiler/compile.ts";
import type { Pipeline } from "../src/model/pipeline.ts";
import { encode } from "../src/model/value.ts";
import { open } from "../src/open.ts";
import { openHub } from "../src/runtime/hub/client/open.ts";
import { projectFolder } from "../test/cli/command-line.ts";
import { freePort, kill, startAgent, startHub } from "../test/runtime/hub/campaign/processes.ts";
import { openBrowser } from "../test/web/browser.ts";
import { median } from "./contestant/measures.ts";
import { manyNodes } from "./page/many-nodes.ts";
import { bytesDuring, heapMb, longestTask, newTab, type Tab } from "./page/tab.ts";
import { bound, tell } from "./verdict.ts";

/** Less than ten are over before the page is there. */
const seconds = Math.max(10, Number(process.argv[2] ?? 60));
const perSecond = 10;
const msOfTurn = 90;

const folder = projectFolder({ "nodes.ts": manyNodes(1_000) });
const { pipeline: turns } = await compile(join(import.meta.dirname, "page/many-turns.ts"));
const { pipeline: nodes } = await compile(join(folder, "nodes.ts"));
await ran(turns, "small", { quick: 5, slow: 0, ms: 0 });
await ran(turns, "long", { quick: 10_000, slow: 0, ms: 0 });
await begun(turns, "grown", 10_000);
await ran(nodes, "large", { turns: 3 });

const port = await freePort();
const address = `http://127.0.0.1:${port}`;
const [hub, browser] = await Promise.all([startHub(folder, "store", port, "--queue", "services"), openBrowser()]);
const agent = await startAgent(folder, address, "--queue", "default", "--slots", "1");
const client = await openHub({ address, folder });
try {
  await grown();
  await firstViews();
  await steady();
  await manyNodesAtOnce();
  await longLoop();
} finally {
  await browser.close();
  await client.close();
  await Promise.all([agent, hub].map(kill));
  rmSync(folder, { recursive: true, force: true });
}

async function firstViews(): Promise<void> {
  console.log("\nThe first view of a run, nothing cached:");
  const bytes: number[] = [];
  for (const [id, what] of [
    ["small", "of one step in a loop"],
    ["large", "of 1,000 nodes"],
    ["long", "of 10,000 turns"],
  ] as const) {
    const took: number[] = [];
    for (let round = 0; round < 5; round++) {
      const tab = await newTab(browser);
      bytes.push(await bytesDuring(tab, () => shownRun(tab, id)));
      took.push(await tab.seen("firstNodes.then((at) => at - performance.timeOrigin)"));
      await tab.close();
    }
    bound(`${what}, the least of five`, Math.min(...took), 1_000, "ms");
    tell("  median", median(took), "ms");
  }
  bound("what came for it, as the hub sends it", median(bytes.slice(0, 5)) / 1_000, 400, "KB");
}

/** A loop of which each turn is six events: made, queued, running, a point, completed, decided. */
async function steady(): Promise<void> {
  const { controller } = await client.runs.register(turns);
  const params = { text: encode({ quick: 0, slow: seconds * perSecond, ms: msOfTurn }) };
  await client.runs.start(controller, { id: "steady", params });
  console.log(`\nA run of ${seconds * perSecond} turns, as it goes on:`);
  await asItGoesOn("steady", seconds * perSecond);
}

/** The hub goes on with it. */
async function grown(): Promise<void> {
  console.log(`\nThe last ${seconds * perSecond} turns of a run that has had 10,000, as they go on:`);
  await asItGoesOn("grown", 10_000 + seconds * perSecond);
}

async function asItGoesOn(id: string, count: number): Promise<void> {
  const tab = await newTab(browser);
  await shownRun(tab, id);
  await tab.page.locator(".heard.live").waitFor();
  const before = await heapMb(tab);
  const [after] = (await client.events.read(id, 0)).slice(-1);
  await tab.seen(`count(${count})`);
  const events = await client.events.read(id, after!.seq);
  const ends = events.filter(({ kind, task }) => kind === "completed" && task !== id).map(({ at }) => at);
  const counts = await tab.seen<{ count: number; at: number }[]>("counts()");
  // The last end is of the last task.
  const lags = ends.map((at, i) => counts.find((shown) => shown.count >= count - ends.length + i + 1)!.at - at);
  const last = lags.at(-1)!;
  lags.sort((a, b) => a - b);
  tell("events a second", (events.length / (events.at(-1)!.at - events[0]!.at)) * 1_000, "");
  bound("from an event to its pixel, median", median(lags), 150, "ms");
  tell("  at 95 %", lags[Math.floor(lags.length * 0.95)]!, "ms");
  bound("  the last one", last, 150, "ms");
  tell("frames of more than 50 ms", await tab.seen("slowFrames()"), "");
  bound("growth of the heap", (await heapMb(tab)) - before, 16, "MB");
  await tab.close();
}

async function manyNodesAtOnce(): Promise<void> {
  console.log("\nA loop of 1,000 nodes, the longest task of the page's main thread:");
  const tab = await newTab(browser);
  const { page } = tab;
  await longest("opened", tab, () => shownRun(tab, "large"));
  await page.locator(".heard.live").waitFor();
  await longest("moved", tab, () => moved(tab));
  await longest("made smaller and larger", tab, async () => {
    const frame = page.locator(".drawing > .frame");
    for (const key of ["0", ..."++++++++++------------"]) await frame.press(key);
  });
  await longest("its turns stepped through", tab, async () => {
    await page.getByRole("button", { name: "Show all of it" }).click();
    for (let i = 0; i < 4; i++) await page.getByRole("button", { name: "The next turn" }).dispatchEvent("click");
  });
  tell("elements", await page.evaluate("document.querySelectorAll('*').length"), "");
  tell("heap", await heapMb(tab), "MB");
  await tab.close();
}

async function longLoop(): Promise<void> {
  console.log("\nA loop of 10,000 turns, the longest task of the page's main thread:");
  const tab = await newTab(browser);
  const { page } = tab;
  await longest("opened", tab, async () => {
    await shownRun(tab, "long");
    await page.getByText("all 10000").waitFor();
  });
  await longest("its turns stepped through", tab, async () => {
    for (let i = 0; i < 20; i++) await page.getByRole("button", { name: "The turn before" }).click();
    await page.getByText("9981 of 10000").waitFor();
  });
  await longest("as a table", tab, async () => {
    await page.getByRole("link", { name: "table" }).click();
    await page.locator(".chart canvas").waitFor();
  });
  await longest("  sorted", tab, async () => {
    for (const column of ["gave loss", "took n", "gave loss"]) await page.getByRole("button", { name: column }).click();
  });
  await longest("  scrolled to its end", tab, async () => {
    const rows = page.locator("section.rows");
    for (let i = 1; i <= 20; i++) await rows.evaluate(`(rows) => { rows.scrollTop = rows.scrollHeight * ${i / 20} }`);
  });
  await longest("as a timeline", tab, async () => {
    await page.getByRole("link", { name: "timeline" }).click();
    await page.locator(".lanes").waitFor();
  });
  await longest("its tasks", tab, async () => {
    await page.getByRole("link", { name: "tasks" }).click();
    await page.getByLabel("Filter by path").fill("99");
  });
  tell("elements", await page.evaluate("document.querySelectorAll('*').length"), "");
  bound("heap", await heapMb(tab), 100, "MB");
  await tab.close();
}

async function shownRun({ page, seen }: Tab, id: string): Promise<void> {
  await page.goto(`${address}/runs/${id}`);
  await seen("firstNodes");
}

async function moved({ page }: Tab): Promise<void> {
  await page.mouse.move(600, 500);
  for (let i = 0; i < 60; i++) await page.mouse.wheel(0, 400);
  await page.mouse.down();
  for (let i = 0; i < 60; i++) await page.mouse.move(600 + i, 500 - 5 * i);
  await page.mouse.up();
}

async function longest(what: string, tab: Tab, act: () => Promise<unknown>): Promise<void> {
  const { cpuMs, ms } = await longestTask(browser, tab, act);
  bound(what, cpuMs, 100, "ms");
  tell("  by the clock", ms, "ms");
}

/** Runs it here, into the store that the hub will serve. */
async function ran(pipeline: Pipeline, id: string, params: object): Promise<void> {
  await using reprise = await open({ store: join(folder, "store"), isolation: "inline", slots: 1 });
  await (await reprise.start(pipeline, params, { id })).result();
}

/** Begins with it here, and leaves it to the hub after so many turns. */
async function begun(pipeline: Pipeline, id: string, quick: number): Promise<void> {
  await using reprise = await open({ store: join(folder, "store"), isolation: "inline", slots: 1 });
  const { promise, resolve } = Promise.withResolvers<void>();
  await reprise.start(pipeline, { quick, slow: seconds * perSecond, ms: msOfTurn }, { id });
  let ended = 0;
  const stop = reprise.store.events.follow(id, 0, (events) => {
    ended += events.filter(({ kind }) => kind === "completed").length;
    if (ended >= quick) resolve();
  });
  await promise;
  stop();
}
