/**
 * The Chromium of the package `@sparticuz/chromium`, unpacked with the libraries and the font that it needs, so that a machine with neither can run it. Linux on x64.
 */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { inflate } from "@sparticuz/chromium";

const home = dirname(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium")));
const cache = join(import.meta.dirname, "../../node_modules/.cache");

/** The file to start, and the environment that it needs. Unpacked once, which takes some seconds. */
export async function unpackedBrowser(): Promise<{ file: string; env: NodeJS.ProcessEnv }> {
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error("there is no browser: install Chromium or Chrome, or name one by CHROME_PATH");
  const { version } = JSON.parse(readFileSync(join(home, "package.json"), "utf8")) as { version: string };
  const folder = join(cache, `chromium-${version}`);
  if (!existsSync(folder)) await unpack(folder);
  return {
    file: join(folder, "chromium"),
    env: {
      LD_LIBRARY_PATH: join(folder, "al2023", "lib"),
      FONTCONFIG_FILE: join(folder, "fonts.conf"),
      // Where a machine names none, this Chromium says that its language is `en-US@posix`, which Intl refuses.
      LC_ALL: "en_US.UTF-8",
    },
  };
}

/** Whole or not at all: several processes may do it at the same time, and one may be killed. */
async function unpack(folder: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const parts = mkdtempSync(`${folder}-`);
  try {
    await inflated(["chromium.br", "al2023.tar.br", "fonts.tar.br"], parts);
    mkdirSync(join(parts, "cache"));
    // The package's own knows the font in one place only. Without any font, a page has no text at all.
    writeFileSync(
      join(parts, "fonts.conf"),
      `<fontconfig><dir>/usr/share/fonts</dir><dir>${folder}/fonts</dir><cachedir>${folder}/cache</cachedir></fontconfig>\n`,
    );
    renameSync(parts, folder);
  } catch (error) {
    rmSync(parts, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
}

/** The package unpacks to where temporary files are, of which it asks at once. */
async function inflated(names: string[], folder: string): Promise<void> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = folder;
  const all = names.map((name) => inflate(join(home, "bin", name)));
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  await Promise.all(all);
}
