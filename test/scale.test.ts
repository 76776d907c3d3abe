/** A slice of `npm run scale`: what must not grow does not, told by work and memory rather than by the clock, since other tests run at the same time. */
import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { shapes } from "../bench/scale/programs.ts";
import { lowered } from "./compiler/lower/harness.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-scale-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function child<T>(script: string, ...args: string[]): Promise<T> {
  const path = join(import.meta.dirname, "..", "bench", "scale", script);
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--conditions=reprise-source",
    "--expose-gc",
    path,
    ...args,
  ]);
  return JSON.parse(stdout.trimEnd().split("\n").at(-1)!) as T;
}

describe("a body of four times the calls", () => {
  /** The time of this process on its processor, the best of three, and the size of the graph. */
  const cost = (body: string) => {
    let ms = Number.POSITIVE_INFINITY;
    let bytes = 0;
    for (let i = 0; i < 3; i++) {
      const begun = process.cpuUsage();
      const { graph, problems } = lowered(`async function body() {\n${body.replaceAll("one(", "fit(")}\n}`);
      const { user, system } = process.cpuUsage(begun);
      expect(problems).toEqual([]);
      ms = Math.min(ms, (user + system) / 1_000);
      bytes = JSON.stringify(graph).length;
    }
    return { ms, bytes };
  };

  test.each(Object.entries(shapes))("%s: grows in proportion", (_, shape) => {
    const few = cost(shape(100).body);
    const many = cost(shape(400).body);
    expect(many.bytes / few.bytes).toBeLessThan(4.5);
    expect(many.ms / few.ms).toBeLessThan(10); // a quadratic one takes 16 times as long
  });
});

test("a loop of 3,000 reruns costs the same at its end as at its beginning, and is resumed by pages of its history", async () => {
  const json = join(folder, "loop.json");
  await child("compile.ts", join(import.meta.dirname, "..", "bench", "scale", "loop.ts"), json);
  type Tenth = { statementsPerRerun: number; heapMb: number };
  const tenths = await child<Tenth[]>("reruns.ts", json, join(folder, "store"), "3000");
  const [, second] = tenths as [Tenth, Tenth];
  const last = tenths.at(-1)!;
  expect(tenths).toHaveLength(10);
  expect(last.statementsPerRerun / second.statementsPerRerun).toBeCloseTo(1, 1);
  expect(last.heapMb - second.heapMb).toBeLessThan(6);

  type Resumed = { result: unknown; events: number; statements: number };
  const { result, events, statements } = await child<Resumed>("resume.ts", join(folder, "store"));
  expect(result).toEqual({ x: 3_000 });
  expect(events).toBeGreaterThan(12_000);
  expect(statements).toBeLessThan(events / 20);
});

test("a queue of 3,000 tasks is filled, looked at and emptied at the same cost from its beginning to its end", async () => {
  type Cost = { statements: number };
  type Queued = { thousands: { enqueue: Cost; list: Cost; claim: Cost }[]; left: number };
  const { thousands, left } = await child<Queued>("queue.ts", join(folder, "queue"), "3000");
  expect([thousands.length, left]).toEqual([3, 0]);
  const [first, last] = [thousands[0]!, thousands.at(-1)!];
  for (const what of ["enqueue", "list", "claim"] as const)
    expect(last[what].statements / first[what].statements, what).toBeLessThanOrEqual(1.5);
});

test.skipIf(process.platform !== "linux")("an agent in which 200 pipelines sleep takes less than 200 MB", async () => {
  const json = join(folder, "sleeper.json");
  await child("compile.ts", join(import.meta.dirname, "..", "bench", "scale", "sleeper.ts"), json);
  const slept = await child<{ sleeping: number; rssMb: number }>("sleepers.ts", json, join(folder, "sleepers"), "200");
  expect(slept.sleeping).toBe(200);
  expect(slept.rssMb).toBeLessThan(200);
});
