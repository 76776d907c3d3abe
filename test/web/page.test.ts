/** The page in a real browser, at a real hub, with agents in other processes. */
import { rmSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectFolder, type Running, reprise } from "../cli/command-line.ts";
import { freePort, kill, startAgent, startHub } from "../runtime/hub/campaign/processes.ts";
import { needsPage, openBrowser } from "./browser.ts";

const pipeline = `
import { pipeline, step, Task } from "reprise";
export const fit = step(async ({ depth }: { depth: number }) => {
  Task.current().log("\\u001b[32mfitting\\u001b[0m depth " + depth);
  Task.current().scalar("accuracy", "train", 1 - 0.5 ** depth, depth);
  if (depth > 3) throw new RangeError("depth " + depth + " is too deep");
  return { depth, accuracy: 1 - 0.5 ** depth };
});
export default pipeline("deeper", async ({ target = 0.9 }: { target?: number }) => {
  let depth = 1;
  let best = await fit({ depth });
  while (best.accuracy < target) {
    depth += 1;
    best = await fit({ depth });
  }
  return best;
});
`;

const folder = projectFolder({ "pipeline.ts": pipeline });
let port: number;
let address: string;
let hub: Running;
let agent: Running;
let browser: Browser;
let page: Page;
/** What a browser complains of: errors of scripts, and what the content security policy stopped. */
const complaints: string[] = [];
const origins = new Set<string>();

const run = (...args: string[]) =>
  reprise(["run", "pipeline.json", "--queue", "services", ...args], {
    cwd: folder,
    env: { REPRISE_STORE: address, XDG_CACHE_HOME: folder },
  });

async function newPage(): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (message.type() === "error" && /content security policy/i.test(message.text())) complaints.push(message.text());
  });
  page.on("request", (request) => origins.add(new URL(request.url()).origin));
  page.setDefaultTimeout(20_000);
  return page;
}

describe("the page", () => {
  beforeAll(async () => {
    needsPage();
    port = await freePort();
    address = `http://127.0.0.1:${port}`;
    const compiling = reprise(["compile", "pipeline.ts", "-o", "pipeline.json"], { cwd: folder });
    [hub, browser] = await Promise.all([startHub(folder, "store", port), openBrowser()]);
    expect(await compiling).toMatchObject({ code: 0 });
    agent = await startAgent(folder, address);
    page = await newPage();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    await Promise.all([agent, hub].filter(Boolean).map(kill));
    rmSync(folder, { recursive: true, force: true });
  });

  test("says what to do where nothing has run yet", async () => {
    await page.goto(address);
    await page.getByText("Nothing has run here yet").waitFor();
    await page.getByText(`REPRISE_STORE=${address} reprise run`).waitFor();
  });

  test("shows a run that is started elsewhere, its end and its error, without being loaded again", async () => {
    const ran = run("--id", "bad", "--param", "target=0.99");
    const row = page.getByRole("row", { name: /deeper/ });
    await row.getByText("RangeError: depth 4 is too deep").waitFor();
    expect((await ran).code).toBe(1);
    await row.getByRole("link", { name: "deeper" }).click();
    await page.getByRole("heading", { name: "deeper" }).waitFor();
    await page.getByRole("button", { name: /fit, .*failed/ }).waitFor();
  });

  test("tells of a loop what was decided, and steps through its turns", async () => {
    await page.getByRole("button", { name: "The next turn" }).click();
    await page.getByText("1 of 3").waitFor();
    await page
      .getByRole("button", { name: /best = fit.*completed/ })
      .last()
      .waitFor();
    await page.getByRole("button", { name: "All turns" }).click();
    await page.getByRole("link", { name: "decisions" }).click();
    await page.getByText("best.accuracy 0.5 < target 0.99 → iteration 1").waitFor();
  });

  test("leads from the run's error to the failed step: its error, its parameters, what it said", async () => {
    await page.getByRole("alert").getByRole("link", { name: "loop1[3]/best" }).click();
    await page.getByRole("heading", { name: "loop1[3]/best" }).waitFor();
    await page.getByRole("alert").getByText("RangeError: depth 4 is too deep").first().waitFor();
    await page.getByText("depth 4", { exact: false }).first().waitFor();
    await page.getByRole("link", { name: "console" }).click();
    const said = page.getByRole("log").getByText("fitting");
    await said.waitFor();
    expect(await said.getAttribute("class")).toBe("ansi-green-fg");
  });

  test("starts the run again with another param, by a form made of the params' schema", async () => {
    await page.getByRole("navigation", { name: "It runs for" }).getByRole("link").click();
    await page.getByRole("link", { name: "Run again" }).click();
    const target = page.getByLabel("target");
    expect(await target.inputValue()).toBe("0.99");
    await target.fill("0.8");
    await page.getByText("Queue and name").click();
    await page.getByLabel("Name of the run").fill("good");
    await page.getByRole("button", { name: "Start" }).click();
    await page.waitForURL("**/runs/good");
    await page.getByRole("banner").waitFor();
    await page.locator("header.about .status.completed").waitFor();
  });

  test("says why params are refused, by the field's name", async () => {
    await page.goto(`${address}/start?from=good`);
    await page.getByText("Queue and name").click();
    await page.getByLabel("Name of the run").fill("bad");
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByRole("alert").waitFor();
    expect(new URL(page.url()).pathname).toBe("/start");
  });

  test("compares two runs: what they were given, and what they came to", async () => {
    await page.goto(address);
    await page.getByRole("checkbox", { name: /bad/ }).check();
    await page.getByRole("checkbox", { name: /good/ }).check();
    await page.getByRole("button", { name: "Compare the two" }).click();
    const differs = page.locator("tr.differs");
    await differs.filter({ hasText: "target" }).filter({ hasText: "0.99" }).filter({ hasText: "0.8" }).waitFor();
    await differs.filter({ hasText: "accuracy" }).filter({ hasText: "0.875" }).waitFor();
  });

  test("shows the turns of a loop as a table: sorted, and two compared", async () => {
    await page.goto(`${address}/runs/good/table`);
    await page.getByLabel("Step").selectOption("loop1[]/best");
    await page.getByRole("button", { name: "gave accuracy" }).waitFor();
    await page.getByRole("checkbox", { name: "Compare loop1[1]/best" }).check();
    await page.getByRole("checkbox", { name: "Compare loop1[2]/best" }).check();
    await page.getByRole("row", { name: /took depth 2 3/ }).waitFor();
  });

  test("goes on by itself when the hub was away, and agrees with another tab", async () => {
    const other = await newPage();
    await Promise.all([page.goto(address), other.goto(address)]);
    await page.evaluate(() => Object.assign(globalThis, { untouched: true }));
    await kill(hub);
    await page.getByText("the hub does not answer, trying again").waitFor();
    hub = await startHub(folder, "store", port);
    const ran = run("--id", "later", "--param", "target=0.8");
    const ended = (shown: Page) => shown.getByRole("row", { name: /later/ }).filter({ hasText: "completed" }).waitFor();
    await Promise.all([ended(page), ended(other)]);
    expect((await ran).code).toBe(0);
    expect(await page.evaluate(() => "untouched" in globalThis)).toBe(true);
    expect(await page.getByRole("row").allInnerTexts()).toEqual(await other.getByRole("row").allInnerTexts());
    await other.close();
  }, 60_000);

  test("shows a queue that nobody serves, with the way to serve it", async () => {
    await run("--id", "stuck", "--detach");
    await kill(agent);
    await page.goto(`${address}/queues`);
    await page.getByRole("heading", { name: "Agents" }).waitFor();
    expect((await run("--id", "waits", "--detach", "--param", "target=0.5")).code).toBe(0);
    await page.getByText("Nobody serves it. Start an agent:").first().waitFor();
  }, 60_000);

  test("fits a telephone: no view is wider than 360 pixels", async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    for (const path of [
      "/",
      "/runs/good",
      "/runs/good/table",
      "/runs/good/timeline",
      "/tasks/good%2Fbest",
      "/start",
      "/queues",
      "/compare/bad/good",
    ]) {
      await page.goto(address + path);
      await page.locator("h1").first().waitFor();
      expect([path, await page.evaluate("document.documentElement.scrollWidth")]).toEqual([path, 360]);
    }
  }, 60_000);

  test("asks nobody but its hub, and breaks neither a script nor the content security policy", () => {
    expect({ complaints, origins: [...origins] }).toEqual({ complaints: [], origins: [address] });
  });
});
