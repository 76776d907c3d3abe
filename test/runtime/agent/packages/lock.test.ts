import { mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, it, onTestFinished } from "vitest";
import { thisProcess } from "../../../../src/runtime/agent/lease.ts";
import { takeLock } from "../../../../src/runtime/agent/packages/lock.ts";

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "reprise-lock-"));
  path = join(folder, "set.lock");
  onTestFinished(() => rmSync(folder, { recursive: true }));
});

const held = (number: number, holder: object | "", age = 0) => {
  const file = `${path}.${number}`;
  writeFileSync(file, holder === "" ? "" : JSON.stringify(holder));
  const at = (Date.now() - age) / 1000;
  utimesSync(file, at, at);
};

it("is held by one, and free again when that one lets go", async () => {
  const taken = await Promise.all(Array.from({ length: 8 }, () => takeLock(path)));
  const [lock, ...others] = taken.filter((each) => each !== undefined);
  expect(others).toEqual([]);
  expect(await takeLock(path)).toBeUndefined();
  await lock!.release();
  expect(readdirSync(folder)).toEqual([]);
  expect(await takeLock(path)).toBeDefined();
});

it("goes from a dead process to one of those that want it, at once", async () => {
  held(3, { ...thisProcess(), processStart: "another time" });
  const taken = await Promise.all(Array.from({ length: 8 }, () => takeLock(path)));
  expect(taken.filter((each) => each !== undefined)).toHaveLength(1);
  expect(readdirSync(folder).toSorted()).toEqual(["set.lock.3", "set.lock.4"]);
  await taken.find((each) => each !== undefined)!.release();
  expect(readdirSync(folder)).toEqual([]);
});

it("is held on another machine as long as that one says so", async () => {
  const elsewhere = { ...thisProcess(), host: "elsewhere" };
  held(1, elsewhere, 5_000);
  expect(await takeLock(path)).toBeUndefined();
  held(1, elsewhere, 60_000);
  expect(await takeLock(path)).toBeDefined();
});

it("is held by who has made it and not said yet who that is, for a while", async () => {
  held(1, "");
  expect(await takeLock(path)).toBeUndefined();
  held(1, "", 60_000);
  expect(await takeLock(path)).toBeDefined();
});
