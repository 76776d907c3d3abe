import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, test } from "vitest";
import { hashOf } from "../../../src/model/hash.ts";
import { StoreError } from "../../../src/runtime/ports.ts";
import { migrations } from "../../../src/runtime/store/migrations.ts";
import { openStore } from "../../../src/runtime/store/open.ts";
import { temporaryFolder } from "./folders.ts";
import { claimOne, pipelineNamed, running } from "./suite/fixtures.ts";

const withDatabase = <T>(folder: string, what: (database: DatabaseSync) => T): T => {
  const database = new DatabaseSync(join(folder, "reprise.db"));
  try {
    return what(database);
  } finally {
    database.close();
  }
};

describe("opening a store", () => {
  test("makes a folder that git leaves alone, and finds everything there again", async () => {
    const folder = join(temporaryFolder(), "deep", "store");
    {
      const { store } = await running(() => openStore(folder));
      await store.close();
    }
    expect(readFileSync(join(folder, ".gitignore"), "utf8")).toBe("*\n");
    await using store = await openStore(folder);
    expect((await store.tasks.get("run"))!.status).toBe("running");
    expect(await store.events.read("run", 0)).toHaveLength(3);
  });

  test("in a folder that was there puts no .gitignore in it", async () => {
    const folder = temporaryFolder();
    await using _ = await openStore(folder);
    expect(existsSync(join(folder, ".gitignore"))).toBe(false);
  });

  test("with full durability keeps the same", async () => {
    const folder = temporaryFolder();
    const { store, fit, turn, agent } = await running(() => openStore(folder, { durability: "full" }));
    await turn({ kind: "clone", template: fit, path: "fit" });
    await claimOne(store, agent, "default");
    const hash = await store.blobs.put("x");
    await store.close();
    await using again = await openStore(folder, { durability: "full" });
    expect((await again.tasks.get("run/fit"))!.status).toBe("running");
    expect((await again.blobs.get(hash)).toString()).toBe("x");
  });

  test("in WAL mode, so that readers and a writer do not wait for each other", async () => {
    const folder = temporaryFolder();
    await (await openStore(folder)).close();
    expect(withDatabase(folder, (database) => database.prepare("pragma journal_mode").get())).toEqual({
      journal_mode: "wal",
    });
  });
});

describe("a store that cannot be opened is refused in one sentence:", () => {
  const refusal = async (folder: string): Promise<string> => {
    const error: unknown = await openStore(folder).then(
      () => expect.unreachable(),
      (error: unknown) => error,
    );
    expect(error).toBeInstanceOf(StoreError);
    expect((error as Error).message).toContain(folder);
    expect((error as Error).message).not.toContain("\n");
    return (error as Error).message;
  };

  test("a file where the folder should be", async () => {
    const file = join(temporaryFolder(), "file");
    writeFileSync(file, "");
    expect(await refusal(file)).toMatch(/there is a file where a folder should be.*--store/);
    expect(await refusal(join(file, "below"))).toMatch(/there is a file where a folder should be.*--store/);
  });

  test("a folder that cannot be made", async () => {
    expect(await refusal("/proc/reprise/store")).toMatch(/cannot be made/);
  });

  test("a database that cannot be opened", async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, "reprise.db"));
    expect(await refusal(folder)).toMatch(/permission is missing.*--store/);
  });

  test("a database that is damaged", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "reprise.db"), "no database, but long enough to be taken for a header".repeat(100));
    expect(await refusal(folder)).toMatch(/reprise\.db in it is damaged.*--store/);
  });

  test("a database from a newer version, which stays as it is", async () => {
    const folder = temporaryFolder();
    await (await openStore(folder)).close();
    withDatabase(folder, (database) => database.exec(`pragma user_version = ${migrations.length + 1}`));
    expect(await refusal(folder)).toMatch(/written by a newer Reprise.*Update Reprise.*--store/);
    expect(withDatabase(folder, (database) => database.prepare("pragma user_version").get())).toEqual({
      user_version: migrations.length + 1,
    });
  });
});

describe("migrations", () => {
  test("bring every older database to the same tables, and keep what it has", async () => {
    const schema = (folder: string) =>
      withDatabase(folder, (database) =>
        database.prepare("select type, name, sql from sqlite_schema order by name").all(),
      );
    const fresh = temporaryFolder();
    await (await openStore(fresh)).close();
    for (let have = 0; have < migrations.length; have++) {
      const folder = temporaryFolder();
      withDatabase(folder, (database) => {
        for (const migration of migrations.slice(0, have)) database.exec(migration);
        database.exec(`pragma user_version = ${have}`);
        if (have > 0) database.exec("insert into configurations (key, options, code) values (5, '{}', '{}')");
      });
      await (await openStore(folder)).close();
      expect(schema(folder)).toEqual(schema(fresh));
      const kept = withDatabase(folder, (database) =>
        database.prepare("select count(*) as n from configurations").get(),
      );
      expect(kept).toEqual({ n: have > 0 ? 1 : 0 });
    }
  });
});

describe("the schema itself refuses", () => {
  test.each([
    ["a status that is none", "update tasks set status = 'happy'"],
    [
      "a second task with one run and path",
      "insert into tasks (key, id, run, path, name, status, configuration, created_at) select key + 100, id, run, path, name, 'draft', configuration, 1 from tasks where path is not null",
    ],
    ["a path that is not in the id", "update tasks set path = 'elsewhere' where path is not null"],
    ["an attempt of no task", "insert into attempts values (999, 1, 'a', 'lost', '{}', 1, 1, 0)"],
    [
      "a second attempt with one number",
      "insert into attempts values (1, 1, 'a', 'lost', '{}', 1, 1, 0), (1, 1, 'b', 'lost', '{}', 1, 1, 0)",
    ],
    ["a published task that has not ended", "update tasks set published = 1"],
    ["a task that is neither archived nor not", "update tasks set archived = 2"],
    [
      "other parameters of what is no draft",
      "update tasks set input = 'x' where path is not null",
      /only a draft can be edited/,
    ],
    [
      "any change of what is published",
      "update tasks set status = 'completed', published = 1 where path is not null; update tasks set name = 'x'",
      /a published task cannot be changed/,
    ],
  ])("%s", async (_, sql, sentence = /constraint failed/) => {
    const folder = temporaryFolder();
    const { store, fit, turn } = await running(() => openStore(folder));
    await turn({ kind: "clone", template: fit, path: "fit" });
    await store.close();
    expect(() => withDatabase(folder, (database) => database.exec(sql))).toThrow(sentence);
  });
});

describe("a closed store", () => {
  test("has committed what was asked for before, and refuses what is asked for after", async () => {
    const folder = temporaryFolder();
    const store = await openStore(folder);
    const { controller } = await store.runs.register(pipelineNamed("rerun"));
    const asked = store.runs.start(controller, { id: "run" });
    const heard: unknown[] = [];
    store.events.follow("run", 0, (events) => heard.push(...events));
    await store.close();
    expect((await asked).created).toBe(true);
    await expect(store.runs.abort("run", "late")).rejects.toThrow(StoreError);
    await expect(store.tasks.get("run")).rejects.toThrow(/is closed/);
    await store.close();
    expect(heard).toEqual([]);
    await using again = await openStore(folder);
    expect((await again.tasks.get("run"))!.status).toBe("queued");
  });
});

describe("a blob", () => {
  const pathOf = (folder: string, hash: string) => join(folder, "blobs", hash.slice(7, 9), hash.slice(9));

  test("is a file by its hash, with nothing unfinished beside it", async () => {
    const folder = temporaryFolder();
    await using store = await openStore(folder);
    const hash = await store.blobs.put("content");
    expect(readFileSync(pathOf(folder, hash), "utf8")).toBe("content");
    expect(
      readdirSync(join(folder, "blobs"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()),
    ).toHaveLength(1);
  });

  test("whose content was changed is refused on reading", async () => {
    const folder = temporaryFolder();
    await using store = await openStore(folder);
    const hash = await store.blobs.put("content");
    writeFileSync(pathOf(folder, hash), "CONTENT");
    await expect(store.blobs.get(hash)).rejects.toThrow(new RegExp(`${hash} is damaged`));
  });

  test("that was cut short is mended by putting it again", async () => {
    const folder = temporaryFolder();
    await using store = await openStore(folder);
    const hash = await store.blobs.put("content");
    writeFileSync(pathOf(folder, hash), "");
    expect(await store.blobs.put("content")).toBe(hash);
    expect(hashOf(await store.blobs.get(hash))).toBe(hash);
  });
});
