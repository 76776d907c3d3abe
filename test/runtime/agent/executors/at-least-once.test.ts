/** A step runs at least once: what it has so that doing it again does no harm. */
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { retryPolicy } from "../../../../src/model/retry.ts";
import { inlineExecutor } from "../../../../src/runtime/agent/executors/inline.ts";
import { processExecutor } from "../../../../src/runtime/agent/executors/process.ts";
import { type MakeExecutor, outputOf, serve } from "./step-behaviour.ts";

const executors: [string, MakeExecutor][] = [
  ["inline", ({ store, folder }) => inlineExecutor({ store, bundleDir: join(folder, "bundles") })],
  ["in a process", ({ store, folder }) => processExecutor({ store, bundleDir: join(folder, "bundles"), slots: 2 })],
];
const inProcess = executors[1]![1];
const again = { options: { retry: retryPolicy(3) } };

describe.each(executors)("a step %s", (_, make) => {
  it("has one idempotency key over all its attempts, and no other call has it", async () => {
    const run = await serve(
      make,
      `export const charge = async () => {
         const { attempt, idempotencyKey } = current();
         await current().checkpoint.save([...((await current().checkpoint.load()) ?? []), idempotencyKey]);
         if (attempt < 3) throw new Error("again");
         return await current().checkpoint.load();
       };`,
    );
    const keys = (await outputOf(run, await run.start("charge", again))) as string[];
    expect(keys).toEqual([keys[0], keys[0], keys[0]]);
    expect(keys[0]).toMatch(/^[0-9a-f]{32}$/);
    const others = (await outputOf(run, await run.start("charge", { ...again, path: "other" }))) as string[];
    expect(others[0]).not.toBe(keys[0]);
  });

  it("finds in its checkpoint what an earlier attempt saved last, whatever kind of data", async () => {
    const run = await serve(
      make,
      `export const resume = async () => {
         const { attempt, checkpoint } = current();
         const before = await checkpoint.load();
         await checkpoint.save("early");
         await checkpoint.save({ attempt, seen: new Map([["rows", 1n]]), large: "x".repeat(100_000) });
         if (attempt === 1) throw new Error("again");
         return [before.attempt, before.seen, before.large.length];
       };`,
    );
    expect(await outputOf(run, await run.start("resume", again))).toEqual([1, new Map([["rows", 1n]]), 100_000]);
  });

  it("finds nothing in the checkpoint of its first attempt", async () => {
    const run = await serve(
      make,
      "export const first = async () => (await current().checkpoint.load()) === undefined;",
    );
    expect(await outputOf(run, await run.start("first"))).toBe(true);
  });

  it("cannot save what is no data, nor more than 16 MB", async () => {
    const run = await serve(
      make,
      `const refusal = async (value) => current().checkpoint.save(value).then(() => "saved", ({ name, message }) => name + ": " + message);
       export const save = async () => [await refusal({ f: () => {} }), await refusal("x".repeat(2 ** 24 + 1))];`,
    );
    const [functions, large] = (await outputOf(run, await run.start("save"))) as string[];
    expect(functions).toMatch(/^ValueError: the checkpoint of step "save" \(at \.f\) cannot be passed/);
    expect(large).toBe(
      'ValueError: the checkpoint of step "save" is larger than 16 MB: keep it as an artifact, and save the reference to it',
    );
  });

  it("is tried again when its error says, and not before", async () => {
    const run = await serve(
      make,
      `export const busy = async () => {
         if (current().attempt === 1) throw Object.assign(new Error("busy"), { retryAfter: "0.3s" });
         return "done";
       };`,
    );
    const busy = await run.start("busy", { options: { retry: retryPolicy({ limit: 1, delay: "1h" }) } });
    const { at, notBefore } = await run.event(busy, "retrying");
    expect(notBefore).toBeGreaterThanOrEqual(at + 250);
    expect(notBefore).toBeLessThanOrEqual(at + 300);
    const second = await run.event(busy, "running", 2);
    expect(second.at).toBeGreaterThanOrEqual(notBefore!);
    expect(await outputOf(run, busy)).toBe("done");
  });
});

describe("a step whose process is killed", () => {
  it("goes on from what it had saved", async () => {
    const run = await serve(
      inProcess,
      `export const count = async () => {
         const { attempt, checkpoint } = current();
         const done = (await checkpoint.load()) ?? [];
         for (let n = done.length; n < 6; n++) {
           done.push(attempt);
           await checkpoint.save(done);
           if (n === 2 * attempt - 1 && attempt < 3) process.kill(process.pid, "SIGKILL");
         }
         return done;
       };`,
    );
    expect(await outputOf(run, await run.start("count"))).toEqual([1, 1, 2, 2, 3, 3]);
  });
});
