/** Pictures of each view, light and dark, wide and narrow, of a demo that is run for them: `npm run screenshots`. */
import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { projectFolder, reprise } from "../cli/command-line.ts";
import { freePort, kill, startAgent, startHub } from "../runtime/hub/campaign/processes.ts";
import { openBrowser } from "./browser.ts";

/** Something to find out about. */
const failing = `
import { pipeline, step, Task } from "reprise";
declare const console: { log(...said: unknown[]): void };
export const load = step(async () => [21.5, 22, 19.5, 80]);
export const check = step.retry({ limit: 1, delay: "100ms" })(async ({ degrees }: { degrees: number[] }) => {
  console.log("checking", degrees.length, "measurements");
  Task.current().progress(0.5);
  for (const each of degrees)
    if (each > 60) throw new RangeError("no sensor measures " + each + " degrees");
  return degrees;
});
export const average = step(async ({ degrees }: { degrees: number[] }) => degrees.reduce((a, b) => a + b) / degrees.length);
export default pipeline("weather of the day", async ({ lenient = false }: { lenient?: boolean }) => {
  const degrees = await load();
  if (!lenient) await check({ degrees });
  return { average: await average({ degrees }) };
});
`;

const checkout = join(import.meta.dirname, "../..");
const images = join(checkout, "docs/images/page");
const id = encodeURIComponent;

type View = { name: string; path: string; act?: (page: Page) => Promise<unknown> };

const views: View[] = [
  { name: "runs", path: "/", act: (page) => page.getByRole("link", { name: "hello" }).first().waitFor() },
  { name: "run", path: "/runs/forest", act: (page) => page.locator('[data-path="loop1[]/forest"]').press("Enter") },
  { name: "table", path: "/runs/forest/table", act: (page) => page.locator(".chart canvas").waitFor() },
  { name: "timeline", path: "/runs/forest/timeline" },
  { name: "tasks", path: "/runs/forest/tasks" },
  { name: "decisions", path: "/runs/forest/decisions" },
  { name: "result", path: "/runs/forest/result" },
  { name: "failed", path: "/runs/bad" },
  {
    name: "task",
    path: `/tasks/${id("forest/loop1[2]/forest")}`,
    act: (page) => page.locator(".ways").last().waitFor(),
  },
  { name: "failed-task", path: `/tasks/${id("bad/check")}` },
  { name: "console", path: `/tasks/${id("bad/check")}/console` },
  { name: "events", path: `/tasks/${id("bad/check")}/events` },
  {
    name: "metrics",
    path: `/tasks/${id("forest/variants[3]/forest")}/metrics`,
    act: (page) => page.locator(".chart canvas").waitFor(),
  },
  {
    name: "source",
    path: `/tasks/${id("forest/loop1[2]/forest")}/source`,
    act: (page) => page.locator("pre.source").first().waitFor(),
  },
  { name: "artifacts", path: `/tasks/${id("forest/report")}/artifacts` },
  { name: "start", path: "/start?from=forest", act: (page) => page.getByRole("button", { name: "Start" }).waitFor() },
  { name: "compare", path: "/compare/forest/modest" },
  { name: "queues", path: "/queues" },
];
const sizes = { wide: { width: 1280, height: 800 }, narrow: { width: 360, height: 740 } };
const looks = (["light", "dark"] as const).flatMap((colorScheme) =>
  (["wide", "narrow"] as const).map((size) => ({ colorScheme, size })),
);

const folder = projectFolder({ "weather.ts": failing });
const port = await freePort();
const address = `http://127.0.0.1:${port}`;
const [hub, browser] = await Promise.all([startHub(folder, "store", port), openBrowser()]);
const agent = await startAgent(folder, address);
const example = (name: string) => join(checkout, "examples", name, "pipeline.ts");
const run = (file: string, ...more: string[]) =>
  reprise(["run", file, "--queue", "services", ...more], {
    cwd: checkout,
    env: { REPRISE_STORE: address, XDG_CACHE_HOME: folder },
  });
try {
  await run(example("hello"), "--id", "greeting");
  await run(example("rerun-until-good"), "--id", "forest");
  await run(example("rerun-until-good"), "--id", "modest", "--param", "target=0.9");
  await run(join(folder, "weather.ts"), "--id", "bad");
  await run(example("signal"), "--id", "waiting", "--detach");
  await run(example("hello"), "--id", "greeting-on-gpu", "--queue", "gpu", "--detach");
  rmSync(images, { recursive: true, force: true });
  mkdirSync(images, { recursive: true });
  for (const { colorScheme, size } of looks) {
    const page = await browser.newPage({ viewport: sizes[size], colorScheme });
    for (const { name, path, act } of views) {
      await page.goto(address + path);
      await page.locator("h1, form h1").first().waitFor();
      await page.locator(".heard.live").waitFor();
      await act?.(page);
      await page.getByText("…", { exact: true }).first().waitFor({ state: "detached" });
      await page.screenshot({ path: join(images, `${name}-${colorScheme}-${size}.png`) });
    }
    await page.close();
  }
} finally {
  await browser.close();
  await Promise.all([agent, hub].map(kill));
  rmSync(folder, { recursive: true, force: true });
}
