/** Pictures of each view, of a demo that is run for them: each once, light and wide; some dark, some narrow. `npm run screenshots`. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { reprise } from "../cli/command-line.ts";
import { freePort, kill, startAgent, startHub } from "../runtime/hub/campaign/processes.ts";
import { openBrowser } from "./browser.ts";

const checkout = join(import.meta.dirname, "../..");
const images = join(checkout, "docs/images/page");
const id = encodeURIComponent;

type View = { name: string; path: string; act?: (page: Page) => Promise<unknown> };

const views: View[] = [
  { name: "runs", path: "/", act: (page) => page.getByRole("link", { name: "hello" }).first().waitFor() },
  { name: "run", path: "/runs/forest", act: (page) => page.locator('[data-path="loop1[]/forest"]').press("Enter") },
  { name: "table", path: "/runs/forest/table", act: (page) => page.locator(".chart canvas").waitFor() },
  { name: "timeline", path: "/runs/forest/timeline" },
  { name: "decisions", path: "/runs/forest/decisions" },
  { name: "task", path: `/tasks/${id("forest/loop1[2]/forest")}` },
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
const looks: { colorScheme: "light" | "dark"; size: keyof typeof sizes; of: (name: string) => boolean }[] = [
  { colorScheme: "light", size: "wide", of: () => true },
  { colorScheme: "dark", size: "wide", of: (name) => ["run", "table", "compare"].includes(name) },
  { colorScheme: "light", size: "narrow", of: (name) => ["runs", "run"].includes(name) },
  { colorScheme: "dark", size: "narrow", of: (name) => ["task", "start"].includes(name) },
];

const folder = mkdtempSync(join(tmpdir(), "reprise-screenshots-"));
const port = await freePort();
const address = `http://127.0.0.1:${port}`;
const [hub, browser] = await Promise.all([startHub(folder, "store", port), openBrowser()]);
const agent = await startAgent(folder, address);
const run = (example: string, ...more: string[]) =>
  reprise(["run", join(checkout, "examples", example, "pipeline.ts"), "--queue", "services", ...more], {
    cwd: checkout,
    env: { REPRISE_STORE: address, XDG_CACHE_HOME: folder },
  });
try {
  await run("hello", "--id", "greeting");
  await run("rerun-until-good", "--id", "forest");
  await run("rerun-until-good", "--id", "modest", "--param", "target=0.9");
  await run("signal", "--id", "waiting", "--detach");
  await run("hello", "--id", "greeting-on-gpu", "--queue", "gpu", "--detach");
  rmSync(images, { recursive: true, force: true });
  mkdirSync(images, { recursive: true });
  for (const { colorScheme, size, of } of looks) {
    const page = await browser.newPage({ viewport: sizes[size], colorScheme });
    for (const { name, path, act } of views.filter(({ name }) => of(name))) {
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
