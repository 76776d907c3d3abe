import { mkdirSync, mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { FileWatch } from "../../src/cli/file-watch.ts";

let folder: string;
let watch: FileWatch;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "file-watch-"));
  watch = new FileWatch();
});
afterEach(() => {
  watch[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

const path = (name: string) => join(folder, name);
const never = new AbortController().signal;

/** Written long ago, and read just now. */
function reading(...names: string[]): number {
  for (const name of names) {
    writeFileSync(path(name), name);
    utimesSync(path(name), 1, 1);
  }
  return watch.begin();
}

test("a file that is written, replaced or removed is a change", async () => {
  const files = ["a", "b"].map(path);
  let changed = watch.changed(files, reading("a", "b"), never);
  writeFileSync(path("b"), "another");
  expect(await changed).toBe(path("b"));

  changed = watch.changed(files, watch.begin(), never);
  writeFileSync(path("draft"), "another");
  renameSync(path("draft"), path("a"));
  expect(await changed).toBe(path("a"));

  changed = watch.changed(files, watch.begin(), never);
  rmSync(path("b"));
  expect(await changed).toBe(path("b"));
});

test("what is written again as it was is none", async () => {
  const changed = watch.changed(["a", "b"].map(path), reading("a", "b"), never);
  // Heard in this order: were the first one a change, it would be given.
  writeFileSync(path("a"), "a");
  writeFileSync(path("b"), "another");
  expect(await changed).toBe(path("b"));
});

test("what was written while files were read is one, of files that are known and of those that are new", async () => {
  const stop = new AbortController();
  const known = watch.changed([path("a")], reading("a", "b"), stop.signal);
  stop.abort();
  expect(await known).toBeUndefined();

  const since = watch.begin();
  writeFileSync(path("a"), "another");
  expect(await watch.changed([path("a"), path("b")], since, never)).toBe(path("a"));

  writeFileSync(path("new"), "not what was read");
  expect(await watch.changed([path("a"), path("new")], watch.begin(), never)).toBe(path("new"));
});

test("a file that is not there is awaited, in a folder that is not there", async () => {
  const changed = watch.changed([path("deep/folder/a")], watch.begin(), never);
  mkdirSync(path("deep/folder"), { recursive: true });
  writeFileSync(path("deep/folder/a"), "now it is");
  expect(await changed).toBe(path("deep/folder/a"));
});

test("packages are left out, and the list of those that are installed is watched", async () => {
  mkdirSync(path("node_modules/some"), { recursive: true });
  const [inside, list] = ["node_modules/some/index.js", "node_modules/.package-lock.json"];
  const changed = watch.changed([inside, list].map(path), reading(inside, list), never);
  writeFileSync(path(inside), "another");
  writeFileSync(path(list), "another");
  expect(await changed).toBe(path(list));
});
