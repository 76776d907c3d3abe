/** The page in a real browser, at a real hub, with agents in other processes. */
import { rmSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { projectFolder, type Running, reprise } from "../cli/command-line.ts";
import { freePort, kill, startAgent, startHub } from "../runtime/hub/campaign/processes.ts";
import { barriersOn } from "./accessibility.ts";
import { needsPage, openBrowser } from "./browser.ts";
import { contrast } from "./in-page/contrast.ts";
import { unseenFocus } from "./in-page/unseen-focus.ts";

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

const reporting = `
import { pipeline, step, Task } from "reprise";
/** Says what came of it. */
export const report = step(async ({ depth, kind }: { depth: number; kind: string }) => {
  const task = Task.current();
  const values = [{ x: 1, y: 2 }, { x: 2, y: 3 }];
  const encoding = { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } };
  task.plot("drawn", { data: { values }, mark: "line", encoding });
  task.plot("not drawn", { data: { values }, mark: "rect", encoding });
  task.text("told", "It is **good**, <b>not</b> [bad](javascript:alert).");
  await task.artifact("rows.csv", 'name,note\\nAda,"first, and best"\\n', { type: "text/csv" });
  return { depth, kind };
});
export const publish = step(async ({ depth }: { depth: number }) => depth);
export default pipeline("reporting", async ({ settings, note }: { settings: { depth: number; kind: "tree" | "forest" }; note?: string | number }) => {
  const { depth } = await report(settings);
  const published = await publish({ depth });
  return { published, note: note ?? null };
});
`;

const folder = projectFolder({ "pipeline.ts": pipeline, "reporting.ts": reporting });
let port: number;
let address: string;
let hub: Running;
let agent: Running;
let browser: Browser;
let page: Page;
/** What a browser complains of: errors of scripts, and what the content security policy stopped. */
const complaints: string[] = [];
const origins = new Set<string>();

const run = (...args: string[]) => runOf("pipeline.json", ...args);

const runOf = (file: string, ...args: string[]) =>
  reprise(["run", file, "--queue", "services", ...args], {
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

/** Views, and what is on each when all of it is there. */
const shownOn: [path: string, shown: string][] = [
  ["/", "[role=row] a"],
  ["/runs/bad", ".picture .failed"],
  ["/runs/good/table", "canvas"],
  ["/runs/good/timeline", "rect.bar"],
  ["/runs/good/tasks", ".line a"],
  ["/runs/good/decisions", ".line code"],
  ["/runs/good/result", "ul.value"],
  ["/tasks/bad%2Floop1%5B3%5D%2Fbest", ".attempts li"],
  ["/tasks/bad%2Fbest/console", ".said"],
  ["/tasks/report%2Freport/metrics", ".markdown"],
  ["/tasks/report%2Freport/artifacts", ".data"],
  ["/tasks/report%2Freport/source", "pre.source"],
  ["/tasks/report%2Freport/events", ".line"],
  ["/start", ".cards a"],
  ["/start?from=report", "fieldset"],
  ["/queues", ".agents li"],
  ["/compare/bad/good", ".differs"],
];

describe("the page", () => {
  beforeAll(async () => {
    needsPage();
    port = await freePort();
    address = `http://127.0.0.1:${port}`;
    const compiling = ["pipeline", "reporting"].map((name) =>
      reprise(["compile", `${name}.ts`, "-o", `${name}.json`], { cwd: folder }),
    );
    [hub, browser] = await Promise.all([startHub(folder, "store", port), openBrowser()]);
    for (const compiled of compiling) expect(await compiled).toMatchObject({ code: 0 });
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

  test.each(["/runs/nowhere", "/tasks/nowhere%2Ffit"])("says that there is nothing at %s", async (path) => {
    // The browser itself complains of what is not there.
    const other = await browser.newPage();
    await other.goto(address + path);
    await other.getByRole("alert").getByText("The hub has nothing called nowhere").waitFor();
    await other.close();
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

  test("makes of a param that is an object a group of fields, and says what is wrong with one by its name", async () => {
    const settings = JSON.stringify({ depth: 2, kind: "tree" });
    expect((await runOf("reporting.json", "--id", "report", "--param", `settings=${settings}`)).code).toBe(0);
    await page.goto(`${address}/start?from=report`);
    const group = page.getByRole("group", { name: "settings" });
    expect(await group.getByLabel("depth").inputValue()).toBe("2");
    await group.getByLabel("kind").selectOption("forest");
    await page.getByLabel("note").fill("free");
    await page.getByText("this is no JSON").waitFor();
    await page.getByLabel("note").fill("[1]");
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByRole("alert").getByText("note").waitFor();
    await page.getByLabel("note").fill("7");
    await page.getByText("Queue and name").click();
    await page.getByLabel("Name of the run").fill("forest");
    await page.getByRole("button", { name: "Start" }).click();
    await page.waitForURL("**/runs/forest");
    await page.locator("header.about .status.completed").waitFor();
    await page.getByRole("link", { name: "result" }).click();
    await page.getByRole("listitem").filter({ hasText: "note 7" }).first().waitFor();
  });

  test("shows a step as its author wrote it, and behind that what was compiled of it", async () => {
    await page.goto(`${address}/tasks/report%2Freport/source`);
    await page.getByRole("heading", { name: "reporting.ts:4" }).waitFor();
    await page.getByText("/** Says what came of it. */").waitFor();
    await page.getByText("As it is run").click();
    await page.getByText("var report = ").waitFor();
  });

  test("draws a plot, shows one that it cannot draw as data, and Markdown with its form, without its HTML", async () => {
    await page.goto(`${address}/tasks/report%2Freport/metrics`);
    await page.getByRole("img", { name: "y as lines over 2 x" }).waitFor();
    await page.getByRole("table", { name: "The data of not drawn" }).getByRole("row", { name: "2 3" }).waitFor();
    await page.locator(".markdown strong").getByText("good").waitFor();
    await page.locator(".markdown").getByText("<b>not</b>").waitFor();
    expect(await page.locator(".markdown a").count()).toBe(0);
    await page.getByRole("link", { name: "artifacts" }).click();
    await page.getByRole("table", { name: "rows.csv" }).getByRole("cell", { name: "first, and best" }).waitFor();
  });

  test("leads from a task's values to where they came from and went", async () => {
    await page.goto(`${address}/tasks/report%2Fpublished`);
    await page.locator(".ways").getByRole("link", { name: "report" }).click();
    await page.waitForURL("**/tasks/report%2Freport");
    await page.locator(".ways").getByRole("link", { name: "the run's params" }).waitFor();
    await page.locator(".ways").getByRole("link", { name: "published" }).waitFor();
  });

  test("does a run again from a step: what came before is taken from the earlier run", async () => {
    await page.goto(`${address}/tasks/report%2Fpublished`);
    await page.getByRole("link", { name: "Run again from here" }).click();
    await page.getByText("all else takes its output from").waitFor();
    await page.getByText("Queue and name").click();
    await page.getByLabel("Name of the run").fill("published");
    await page.getByRole("button", { name: "Start" }).click();
    await page.waitForURL("**/runs/published");
    await page.locator("header.about .status.completed").waitFor();
    await page.goto(`${address}/tasks/published%2Freport`);
    await page.getByText("taken from").getByRole("link", { name: "report/report" }).waitFor();
    await page.goto(`${address}/tasks/published%2Fpublished`);
    await page
      .getByRole("listitem")
      .filter({ hasText: /completed on / })
      .waitFor();
  });

  test("compares two runs: what they were given, what they came to, and where they went apart", async () => {
    await page.goto(address);
    await page.getByRole("checkbox", { name: /bad/ }).check();
    await page.getByRole("checkbox", { name: /good/ }).check();
    await page.getByRole("button", { name: "Compare the two" }).click();
    const differs = page.locator("tr.differs");
    await differs
      .filter({ hasText: "target" })
      .filter({ hasText: "0.99" })
      .filter({ hasText: "0.8" })
      .first()
      .waitFor();
    await differs.filter({ hasText: "accuracy" }).filter({ hasText: "0.875" }).first().waitFor();
    await page.getByText("decisions that went another way").waitFor();
    await differs.filter({ hasText: "loop1[3]" }).filter({ hasText: "→ done" }).first().waitFor();
    await differs.filter({ hasText: "loop1[3]/best" }).filter({ hasText: "not there" }).waitFor();
  });

  test("shows the turns of a loop as a table: sorted, and two compared", async () => {
    await page.goto(`${address}/runs/good/table`);
    await page.getByLabel("Step").selectOption("loop1[]/best");
    await page.getByRole("button", { name: "gave accuracy" }).waitFor();
    await page.getByRole("checkbox", { name: "Compare loop1[1]/best" }).check();
    await page.getByRole("checkbox", { name: "Compare loop1[2]/best" }).check();
    await page.getByRole("row", { name: /took depth 2 3/ }).waitFor();
    await page.getByLabel("Drawn").selectOption("gave accuracy");
    await page.getByRole("combobox", { name: /^over/ }).selectOption("took depth");
    await page.getByRole("img", { name: "gave accuracy as points over 2 took depth" }).waitFor();
  });

  test("is used by keys alone: past the bar, into a box of the graph, out again, and one sees where one is", async () => {
    await page.goto(`${address}/runs/good`);
    await page
      .getByRole("button", { name: /fit, .*completed/ })
      .first()
      .waitFor();
    await page.keyboard.press("Tab");
    await page.getByRole("link", { name: "Skip to the content" }).waitFor();
    await page.keyboard.press("Enter");
    expect(await page.evaluate("document.activeElement.id")).toBe("main");
    const unseen: string[] = [];
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press("Tab");
      const where = await page.evaluate(unseenFocus);
      if (where) unseen.push(where);
    }
    expect(unseen).toEqual([]);
    await page
      .getByRole("button", { name: /fit, .*completed/ })
      .first()
      .focus();
    await page.keyboard.press("Enter");
    const about = page.getByRole("complementary");
    await about.getByRole("heading", { name: "best" }).first().waitFor();
    await about.getByRole("button", { name: "Close" }).focus();
    await page.keyboard.press("Escape");
    await about.waitFor({ state: "detached" });
    expect(await page.evaluate("document.activeElement.getAttribute('role')")).toBe("button");
  });

  test("keeps nobody out: all is named, reached by keys, and stands out from what is behind it, light and dark", async () => {
    for (const [path, shown] of shownOn) {
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(address + path);
      await page.locator(shown).first().waitFor();
      await page.getByText("…", { exact: true }).first().waitFor({ state: "detached" });
      expect([path, await barriersOn(page)]).toEqual([path, []]);
      await page.emulateMedia({ colorScheme: "dark" });
      expect([path, "dark", await page.evaluate(contrast)]).toEqual([path, "dark", []]);
    }
    await page.emulateMedia({ colorScheme: null });
  }, 60_000);

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
    // But for how long ago that was, which goes on between the two looks.
    const rows = async (shown: Page) =>
      (await shown.getByRole("row").allInnerTexts()).map((text) => text.replace(/\d+ (s|min) ago|just now/, "before"));
    expect(await rows(page)).toEqual(await rows(other));
    await other.close();
  }, 60_000);

  test("is loaded anew where a hub of another version has other files", async () => {
    const other = await browser.newPage();
    let refused = 0;
    await other.route(/\/assets\/queues-.*\.js/, (route) => {
      refused += 1;
      return refused === 1 ? route.fulfill({ status: 404 }) : route.continue();
    });
    await other.goto(address);
    await other.getByRole("link", { name: "Queues" }).click();
    await other.getByRole("heading", { name: "Agents" }).waitFor();
    expect(refused).toBe(2);
    await other.close();
  });

  test("shows a queue that nobody serves, with the way to serve it", async () => {
    await run("--id", "stuck", "--detach");
    await kill(agent);
    await page.goto(`${address}/queues`);
    await page.getByRole("heading", { name: "Agents" }).waitFor();
    expect((await run("--id", "waits", "--detach", "--param", "target=0.5")).code).toBe(0);
    await page.getByText("Nobody serves it. Start an agent:").first().waitFor();
  }, 60_000);

  test("tells of an agent that comes and one that goes, though nothing waits for it", async () => {
    await page.goto(`${address}/queues`);
    const card = page.locator(".agents li").filter({ hasText: "comes-and-goes" });
    await page.getByRole("heading", { name: "Agents" }).waitFor();
    expect(await card.count()).toBe(0);
    const passing = await startAgent(folder, address, "--queue", "comes-and-goes");
    await card.waitFor();
    await page.locator(".queue").filter({ hasText: "comes-and-goes" }).getByText("1 agent").waitFor();
    passing.child.kill("SIGTERM");
    await passing.ended;
    await card.waitFor({ state: "detached" });
  }, 60_000);

  test("moves nothing for who wants nothing to move", async () => {
    const moving = () =>
      page.evaluate<number>("document.getAnimations().filter(({ playState }) => playState === 'running').length");
    await page.goto(`${address}/runs/good`);
    // What is drawn of it stays from then on.
    await page.locator("header.about .status.completed").waitFor();
    await page.evaluate("document.querySelector('header.about .status').classList.add('running')");
    expect(await moving()).toBeGreaterThan(0);
    await page.emulateMedia({ reducedMotion: "reduce" });
    expect(await moving()).toBe(0);
    await page.emulateMedia({ reducedMotion: null });
  });

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
