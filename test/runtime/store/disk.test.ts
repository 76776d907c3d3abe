import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { StoreError } from "../../../src/runtime/ports.ts";
import { openDatabase } from "../../../src/runtime/store/database.ts";
import { openStore } from "../../../src/runtime/store/open.ts";
import { child } from "./children.ts";
import { temporaryFolder } from "./folders.ts";
import { running } from "./suite/fixtures.ts";

describe("a disk that takes no more", () => {
  test("fails the writes of the tick, whole, in one sentence; with room again the store goes on", async () => {
    const database = await openDatabase(temporaryFolder(), "normal");
    database.exec("create table notes (text text) strict");
    const note = (text: string) => database.write(() => database.run("insert into notes values (?)", text));
    const kept = () =>
      database.all<{ n: number }>("select length(text) as n from notes order by rowid").map((row) => row.n);
    await note("first");
    database.exec("pragma max_page_count = 20");
    const tick = await Promise.allSettled([note("small"), note("x".repeat(200_000)), note("small")]);
    for (const result of tick) {
      const { reason } = result as PromiseRejectedResult;
      expect(reason).toBeInstanceOf(StoreError);
      expect(reason.message).toMatch(/the disk is full\. Free some space and try again/);
    }
    expect(kept()).toEqual([5]);
    database.exec("pragma max_page_count = 1000000");
    await note("x".repeat(200_000));
    expect(kept()).toEqual([5, 200_000]);
    database.close();
  });

  test("loses nothing that was acknowledged, and the process that it stopped says why", async () => {
    const folder = temporaryFolder();
    const { store, fit } = await running(() => openStore(folder));
    await using _ = store;
    const lines = await child("clone.ts", [folder, "run", fit, "loop", "100000"], { limit: 6_000 }).rest();
    expect(lines.at(-1)).toMatch(/^StoreError: the store .* cannot be used: the disk (did not take|is full)/);
    const acknowledged = lines.slice(0, -1);
    expect(acknowledged.length).toBeGreaterThan(10);
    expect((await store.tasks.list({ run: "run" })).slice(1).map((task) => task.id)).toEqual(acknowledged);
  });
});

describe("the log", () => {
  test("is grown once, by whoever commits often", async () => {
    const folder = temporaryFolder();
    const database = await openDatabase(folder, "normal");
    const size = () => statSync(join(folder, "reprise.db-wal")).size;
    const note = (n: number) => database.write(() => database.run("insert into notes values (?)", n));
    database.exec("create table notes (n integer) strict");
    for (let n = 1; n < 20; n++) await note(n);
    expect(size()).toBeLessThan(1024 * 1024);
    await note(20);
    const grown = size();
    expect(grown).toBeGreaterThanOrEqual(16 * 1024 * 1024);
    for (let n = 21; n <= 40; n++) await note(n);
    expect(size()).toBe(grown);
    database.close();
    const again = await openDatabase(folder, "normal");
    expect(again.get("select count(*) as n from notes")).toEqual({ n: 40 });
    again.close();
  });

  test("is copied to the database when nobody has written for a moment, where that is worth it, and begins anew", async () => {
    const folder = temporaryFolder();
    const database = await openDatabase(folder, "normal");
    const size = () => statSync(join(folder, "reprise.db")).size;
    const notes = (n: number) =>
      database.write(() => {
        for (let i = 0; i < n; i++) database.run("insert into notes values (?)", `note ${i}`);
      });
    database.exec("create table notes (text text) strict");
    const small = size();
    await notes(1_500);
    expect(size()).toBe(small);
    const times = timesBegun(folder);
    await vi.waitUntil(() => size() > small);
    // Whoever writes next does not wait for that.
    await vi.waitUntil(() => timesBegun(folder) === times + 1);
    expect(database.get("select count(*) as n from notes")).toEqual({ n: 1_500 });
    database.close();
  });
});

describe("group commit", () => {
  test("writes what one tick asks for in one transaction", async () => {
    const folder = temporaryFolder();
    const { store, fit, run } = await running(() => openStore(folder));
    await using _ = store;
    const log = join(folder, "reprise.db-wal");
    const pages = () => framesIn(readFileSync(log));
    const turns = (name: string) =>
      Array.from(
        { length: 50 },
        (_, i) => () => store.runs.turn(run, 1, [{ kind: "clone", template: fit, path: `${name}[${i}]` }]),
      );
    const before = pages();
    await Promise.all(turns("together").map((turn) => turn()));
    const together = pages() - before;
    for (const turn of turns("apart")) await turn();
    const apart = pages() - before - together;
    expect(together).toBeLessThan(40);
    expect(apart).toBeGreaterThan(200);
  });

  test("answers in the order of asking, each with its own", async () => {
    const database = await openDatabase(temporaryFolder(), "normal");
    database.exec("create table notes (n integer primary key) strict");
    const insert = (n: number) => database.write(() => database.run("insert into notes values (?)", n).key);
    const results = await Promise.allSettled([insert(1), insert(2), insert(1), insert(3)]);
    expect(results.map((result) => (result.status === "fulfilled" ? result.value : "refused"))).toEqual([
      1,
      2,
      "refused",
      3,
    ]);
    expect(database.all("select n from notes")).toHaveLength(3);
    database.close();
  });

  test("undoes what a refused operation wrote, and only that", async () => {
    const database = await openDatabase(temporaryFolder(), "normal");
    database.exec("create table notes (n integer) strict");
    const insert = (n: number, then?: Error) =>
      database.write(() => {
        database.run("insert into notes values (?)", n);
        if (then) throw then;
      });
    const refusal = new Error("no");
    const results = await Promise.allSettled([insert(1), insert(2, refusal), insert(3)]);
    expect(results[1]).toEqual({ status: "rejected", reason: refusal });
    expect(database.all<{ n: number }>("select n from notes").map((row) => row.n)).toEqual([1, 3]);
    database.close();
  });
});

/** Of the write-ahead log, as SQLite's documentation of its file format has it: those with the salts of its header. */
function framesIn(log: Buffer): number {
  const salts = log.subarray(16, 24);
  let frames = 0;
  for (let at = 32; log.subarray(at + 8, at + 16).equals(salts); at += 24 + 4_096) frames += 1;
  return frames;
}

/** How often the log was begun, as its header has it. */
const timesBegun = (folder: string): number => readFileSync(join(folder, "reprise.db-wal")).readUInt32BE(12);
