/** `--open`: a run before people's eyes, in their browser. */
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, onTestFinished, test } from "vitest";
import { openerOf } from "../../src/cli/page.ts";
import { freePort, kill, startHub } from "../runtime/hub/campaign/processes.ts";
import { projectFolder, reprise } from "./command-line.ts";

const pipeline = `import { pipeline } from "reprise";
export default pipeline("still", async () => 1);
`;
const folder = projectFolder({ "pipeline.ts": pipeline });
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
  const env = { REPRISE_STORE: `http://127.0.0.1:${port}`, XDG_CACHE_HOME: folder };
  const run = (id: string, more: NodeJS.ProcessEnv) =>
    reprise(["run", "pipeline.ts", "--json", "--open", "--id", id], { cwd: folder, env: { ...env, ...more } });
  const opened = join(folder, "opened");
  const opener = join(folder, "xdg-open");
  writeFileSync(opener, `#!/bin/sh\nprintf %s "$1" > "${opened}.part" && mv "${opened}.part" "${opened}"\n`);
  chmodSync(opener, 0o755);
  const ran = await run("seen", { DISPLAY: ":0", PATH: `${folder}:${process.env.PATH}` });
  expect({ ...ran, stdout: JSON.parse(ran.stdout) }).toMatchObject({ code: 0, stderr: "", stdout: { run: "seen" } });
  await expect.poll(() => existsSync(opened)).toBe(true);
  expect(readFileSync(opened, "utf8")).toBe(`http://127.0.0.1:${port}/runs/seen`);
  expect(await run("told", {})).toMatchObject({
    code: 0,
    stderr: `no browser can be opened from here: the page is at http://127.0.0.1:${port}/runs/told\n`,
  });
});

test("of a run in a folder it says how a hub shows it", async () => {
  const ran = await reprise(["--store", "own", "run", "pipeline.ts", "--open", "--id", "r", "--json"], { cwd: folder });
  expect(ran).toMatchObject({
    code: 0,
    stderr:
      "the store own is a folder, which a hub shows in a browser: reprise hub --open --store own, then the run r\n",
  });
});
