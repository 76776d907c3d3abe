/** A real browser for tests: a Chromium on the PATH, else the one that comes by npm. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

export async function openBrowser(): Promise<Browser> {
  const found = (process.env.PATH ?? "")
    .split(delimiter)
    .flatMap((folder) => names.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
  const flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
  if (found !== undefined) return chromium.launch({ executablePath: found, args: flags });
  const { default: packed } = await import("@sparticuz/chromium");
  return chromium.launch({ executablePath: await packed.executablePath(), args: [...packed.args, ...flags] });
}
