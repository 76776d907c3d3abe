/** A real browser for tests: a Chromium of this machine, else the one that comes by npm. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";
import { unpackedBrowser } from "./unpacked-browser.ts";

const names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"];
const places = [
  ...["/opt/google/chrome/chrome", "/snap/bin/chromium"],
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/** `CHROME_PATH` names a browser; empty, it says to take the one of npm. */
export async function openBrowser(): Promise<Browser> {
  const found = process.env.CHROME_PATH ?? installed();
  const { file, env } = found ? { file: found, env: {} } : await unpackedBrowser();
  const args = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"];
  return chromium
    .launch({ executablePath: file, args, env: { ...process.env, ...env } })
    .catch(({ message }: Error) => {
      throw new Error(`the browser ${file} does not start; CHROME_PATH=… names another. It says:\n${message}`);
    });
}

/** Throws where the page is not built. */
export function needsPage(): void {
  if (!existsSync(join(import.meta.dirname, "../../dist/web/index.html")))
    throw new Error("the page is not built: run `npm run build:web` first (`npm test` does)");
}

const installed = (): string | undefined =>
  [
    ...(process.env.PATH ?? "").split(delimiter).flatMap((folder) => names.map((name) => join(folder, name))),
    ...places,
  ].find((file) => existsSync(file));
