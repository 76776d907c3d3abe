/**
 * The whole way: every written case compiled from files, run by the controller on the real store, its steps by a real agent. With one slot, steps end in
 * the order in which they were called, so that calls, inputs and the end are those of the plain function under that order.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { decode, encode } from "../../src/model/value.ts";
import { open, type Reprise } from "../../src/open.ts";
import { cases } from "./cases.ts";
import { tracePlain } from "./oracle.ts";
import { orders } from "./order.ts";
import { compileCase, makeProject } from "./project.ts";

const folder = mkdtempSync(join(tmpdir(), "reprise-whole-"));
let reprise: Reprise;

beforeAll(async () => {
  makeProject(folder);
  reprise = await open({ store: join(folder, "store"), agents: [{ slots: 1, isolation: "inline" }] });
});
afterAll(async () => {
  await reprise.close();
  rmSync(folder, { recursive: true, force: true });
});

it.each(Object.entries(cases))("%s", { timeout: 60_000 }, async (name, source) => {
  const pipeline = await compileCase(folder, name, source);
  const run = await reprise.start(pipeline, { n: 2 });
  const ended = await run.outcome();
  const tasks = (await reprise.store.tasks.list({ run: run.id })).slice(1);
  const calls = tasks.map(
    ({ name, input }) => `call ${name}(${input && "text" in input ? encode(decode(input.text)) : encode(undefined)})`,
  );

  const expected = await tracePlain(source, 2, (orders["first in first"] as () => () => number)());
  const end =
    ended.status === "completed"
      ? `return ${encode(ended.result)}`
      : `throw ${ended.status === "failed" ? `${ended.failure.name}: ${ended.failure.message}` : ended.status}`;
  expect(calls).toEqual(expected.filter((line) => line.startsWith("call ")).slice(0, calls.length));
  expect(end).toBe(expected.at(-1));
});
