/** `--open`: a run before people's eyes, in their browser. */
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test, vi } from "vitest";
import { openerOf } from "../../src/cli/page.ts";
import { freePort, kill, startHub } from "../runtime/hub/campaign/processes.ts";
import { projectFolder } from "./command-line.ts";
import { said } from "./in-process.ts";

const pipeline = `import { pipeline } from "reprise";
export default pipeline("still", async () => 1);
`;
const folder = projectFolder({ "pipeline.ts": pipeline });
const file = join(folder, "pipeline.ts");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("what opens an address is the platform's own, and needs a screen where that may be missing", () => {
  expect(openerOf("darwin", {})).toEqual(["open"]);
  expect(openerOf("win32", {})).toEqual(["cmd", "/c", "start", ""]);
  expect(openerOf("linux", { WAYLAND_DISPLAY: "wayland-0" })).toEqual(["xdg-open"]);
  expect(openerOf("linux", { DISPLAY: "" })).toBeUndefined();
});

test("a run at a hub is shown where there is a screen; else its address is said", { timeout: 30_000 }, async () => {
  const port = await freePort();
  const hub = await startHub(folder, "store", port);
  onTestFinished(() => kill(hub));
  vi.stubEnv("XDG_CACHE_HOME", folder);
  onTestFinished(() => void vi.unstubAllEnvs());
  const run = (id: string, screen: string) => {
    vi.stubEnv("DISPLAY", screen);
    vi.stubEnv("WAYLAND_DISPLAY", "");
    return said("--store", `http://127.0.0.1:${port}`, "run", file, "--json", "--open", "--id", id);
  };
  const opened = join(folder, "opened");
  const opener = join(folder, "xdg-open");
  writeFileSync(opener, `#!/bin/sh\nprintf %s "$1" > "${opened}.part" && mv "${opened}.part" "${opened}"\n`);
  chmodSync(opener, 0o755);
  vi.stubEnv("PATH", `${folder}:${process.env.PATH}`);
  const ran = await run("seen", ":0");
  expect({ ...ran, stdout: JSON.parse(ran.stdout) }).toMatchObject({ code: 0, stderr: "", stdout: { run: "seen" } });
  await expect.poll(() => existsSync(opened)).toBe(true);
  expect(readFileSync(opened, "utf8")).toBe(`http://127.0.0.1:${port}/runs/seen`);
  expect(await run("told", "")).toMatchObject({
    code: 0,
    stderr: `no browser can be opened from here: the page is at http://127.0.0.1:${port}/runs/told\n`,
  });
});

test("of a run in a folder it says how a hub shows it", async () => {
  const store = join(folder, "own");
  const ran = await said("--store", store, "run", file, "--open", "--id", "r", "--json");
  expect(ran).toMatchObject({
    code: 0,
    stderr: expect.stringMatching(
      `^the store ${store} is a folder, which a hub shows in a browser: (npx )?reprise hub --open --store ${store}, then the run r\n$`,
    ),
  });
});
