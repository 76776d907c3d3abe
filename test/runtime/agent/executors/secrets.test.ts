import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inlineExecutor } from "../../../../src/runtime/agent/executors/inline.ts";
import { processExecutor } from "../../../../src/runtime/agent/executors/process.ts";
import { createSecrets } from "../../../../src/runtime/agent/secrets.ts";
import type { TestRun } from "../run.ts";
import { type MakeExecutor, outputOf, serve } from "./step-behaviour.ts";

const value = "s3cr3t-of-the-bank";
const key = `-----BEGIN KEY-----\nabcdef"ghijkl\n-----END KEY-----`;

const withSecrets: MakeExecutor = ({ store, folder }) =>
  processExecutor({
    store,
    bundleDir: join(folder, "bundles"),
    slots: 1,
    secrets: createSecrets(join(folder, "secrets.env"), { API_KEY: value, SIGNING_KEY: key }),
  });

describe("a step with an environment of its own", () => {
  it("finds its variables, also while its module loads; the steps beside it do not", async () => {
    const run = await serve(
      withSecrets,
      `const atLoad = process.env.THREADS;
       export const read = async () => [atLoad, process.env.THREADS, process.env.PATH !== undefined, process.pid];`,
    );
    const read = async (path: string, options = {}) =>
      (await outputOf(run, await run.start("read", { path, options }))) as unknown[];
    expect(await read("before")).toEqual([undefined, undefined, true, expect.any(Number)]);
    const own = await read("own", { env: { THREADS: "4" } });
    expect(own).toEqual(["4", "4", true, expect.any(Number)]);
    expect(await read("after")).toEqual([undefined, undefined, true, expect.not.toBeOneOf([own[3]])]);
  });

  it("cannot run inline", async () => {
    const run = await serve(
      ({ store, folder }) => inlineExecutor({ store, bundleDir: join(folder, "bundles") }),
      "export const read = async () => 1;",
    );
    const { failure } = await run.event(await run.start("read", { options: { env: { A: "1" } } }), "failed");
    expect(failure.message).toBe(
      'the step "read" has an environment of its own, and cannot run inline: run it in a process',
    );
  });
});

describe("a secret", () => {
  const options = { secrets: ["API_KEY", "SIGNING_KEY"] };

  it("reaches the step that names it, and nobody else", async () => {
    const run = await serve(
      withSecrets,
      "export const read = async () => [process.env.API_KEY?.length, process.env.SIGNING_KEY?.length];",
    );
    expect(await outputOf(run, await run.start("read", { options }))).toEqual([value.length, key.length]);
    expect(await outputOf(run, await run.start("read", { path: "other" }))).toEqual([undefined, undefined]);
  });

  it("is masked in what the step prints and in how it fails, and is nowhere in the store", async () => {
    const run = await serve(
      withSecrets,
      `export const leak = async () => {
         console.log("key:", process.env.API_KEY, process.env.API_KEY);
         console.error(process.env.SIGNING_KEY);
         console.log({ nested: process.env.SIGNING_KEY });
         throw new Error("401 for " + process.env.API_KEY, { cause: new TypeError(process.env.SIGNING_KEY) });
       };`,
    );
    const leak = await run.start("leak", { options });
    const { failure } = await run.event(leak, "failed");
    expect(failure.message).toBe("401 for ***");
    const texts = (await run.store.logs.read(leak)).map(({ text }) => text);
    expect(texts).toContain("key: *** ***");
    await expectNowhere(run);
  });

  it("in an output fails the step, which would keep it; in a checkpoint too", async () => {
    const run = await serve(
      withSecrets,
      `export const give = async () => ({ token: process.env.API_KEY });
       export const save = async () => current().checkpoint.save({ token: process.env.API_KEY });`,
    );
    const { failure } = await run.event(await run.start("give", { options }), "failed");
    expect(failure).toEqual({
      name: "SecretError",
      message: 'the output of step "give" holds the secret API_KEY, and would be kept: return something else',
    });
    const saved = await run.event(await run.start("save", { options }), "failed");
    expect(saved.failure.message).toBe("the checkpoint holds the secret API_KEY, and would be kept");
    await expectNowhere(run);
  });

  it("that the agent does not have fails the step with its name", async () => {
    const run = await serve(withSecrets, "export const read = async () => 1;");
    const { failure } = await run.event(
      await run.start("read", { options: { secrets: ["API_KEY", "OTHER"] } }),
      "failed",
    );
    expect(failure.message).toMatch(
      /^the agent does not have the secret OTHER: set it in the agent's environment, or in .*secrets\.env/,
    );
  });

  it("comes from a file before it comes from the environment, if nobody else may read the file", async () => {
    const run = await serve(withSecrets, "export const length = async () => process.env.API_KEY.length;");
    const file = join(run.folder, "secrets.env");
    await writeFile(file, "# of the bank\nAPI_KEY='from a file'\n", { mode: 0o600 });
    expect(await outputOf(run, await run.start("length", { options: { secrets: ["API_KEY"] } }))).toBe(11);
    await chmod(file, 0o640);
    const open = await run.event(
      await run.start("length", { path: "open", options: { secrets: ["API_KEY"] } }),
      "failed",
    );
    expect(open.failure.message).toBe(`the file of secrets ${file} may be read by others: chmod 600 ${file}`);
  });
});

/** Neither in the database, nor in its log. */
async function expectNowhere({ folder, store }: TestRun): Promise<void> {
  const files = await Promise.all(
    ["reprise.db", "reprise.db-wal"].map((file) => readFile(join(folder, file), "latin1")),
  );
  for (const text of [value, 'abcdef"ghijkl', 'abcdef\\\\"ghijkl'])
    expect(files.join("").includes(text), text).toBe(false);
  const tasks = JSON.stringify(await store.tasks.list({ run: "run" }));
  expect(tasks).not.toContain(value);
}
