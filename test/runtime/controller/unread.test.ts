/** Large outputs that a body only hands on, in whole runs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { open } from "../../../src/open.ts";
import { looking, passing } from "./fixtures/unread.ts";

async function run<Result>(which: (params: { n?: number }) => Promise<Result>) {
  const folder = mkdtempSync(join(tmpdir(), "reprise-unread-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  await using reprise = await open({ store: folder, isolation: "inline" });
  const loaded: string[] = [];
  const { get } = reprise.store.blobs;
  reprise.store.blobs.get = (hash) => {
    loaded.push(hash);
    return get.call(reprise.store.blobs, hash);
  };
  const started = await reprise.start(which, {});
  const result = await started.result();
  const tasks = await reprise.store.tasks.list({ run: started.id });
  const outputs = tasks.flatMap(({ name, output }) =>
    name === "split" && output && "blob" in output ? [output.blob] : [],
  );
  const seen = [...loaded];
  const { parameters } = await reprise.tasks.get(tasks.find(({ name }) => name === "count")!.id);
  const inputs = tasks.flatMap(({ name, input }) => (name === "count" && input ? [input] : []));
  return { result, outputs, inputs, loaded: seen, parameters };
}

test("what a body only hands on is not loaded by its controller, and comes to the steps as in a plain call", async () => {
  const { result, outputs, inputs, loaded, parameters } = await run(passing);
  expect(result).toEqual(await passing({}));
  expect(result.parts).toEqual({ train: 999, same: true, again: true, map: 0, nothing: true });
  expect(result.twins).toMatchObject({ again: false });
  expect(outputs).toHaveLength(3);
  expect(loaded.filter((hash) => outputs.includes(hash as never))).toEqual([]);
  expect(inputs.every((input) => "text" in input && input.text.length < 1_000)).toBe(true);
  expect((parameters.data as { train: unknown[] }).train).toHaveLength(999);
  expect(parameters.nothing).toBeUndefined();
});

test("what a body looks into is loaded before it is delivered", async () => {
  const { result, outputs, loaded } = await run(looking);
  expect(result).toEqual(await looking({}));
  expect(result.rows).toBe(999);
  expect(loaded).toEqual(expect.arrayContaining(outputs));
});
