/**
 * The cache: every written case is run, and run again with what the first run left. The second makes the calls and comes to the end of the plain function
 * whose steps end in the order in which those of the run ended, and no step that had completed runs again.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Bundle, bundleHash } from "../../src/model/bundle.ts";
import { taskOptions } from "../../src/model/options.ts";
import { formatVersion, type Pipeline } from "../../src/model/pipeline.ts";
import { decode, encode } from "../../src/model/value.ts";
import { open, type Reprise } from "../../src/open.ts";
import { cases } from "./cases.ts";
import { tracePlain } from "./oracle.ts";
import type { Order } from "./order.ts";
import { graphOf, NotReady, outcome, steps } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "reprise-cached-"));
let reprise: Reprise;

beforeAll(async () => {
  reprise = await open({ store: folder, agents: [{ slots: 1, isolation: "inline" }] });
});
afterAll(async () => {
  await reprise.close();
  rmSync(folder, { recursive: true, force: true });
});

it.each(Object.entries(cases).map((each, number) => [...each, number] as const))("%s", async (name, source, number) => {
  const pipeline = cachedPipeline(name, source);
  const first = await started(pipeline, `first-${number}`);
  await first.finished();
  const second = await started(pipeline, `second-${number}`);
  const ended = await second.outcome();
  await second.finished();

  const { calls, order, taken, again } = await happened(second.id);
  const expected = await tracePlain(source, 2, order);
  const end =
    ended.status === "completed"
      ? `return ${encode(ended.result)}`
      : `throw ${ended.status === "failed" ? `${ended.failure.name}: ${ended.failure.message}` : ended.status}`;
  expect(calls).toEqual(expected.filter((line) => line.startsWith("call ")).slice(0, calls.length));
  expect(end).toBe(expected.at(-1));
  const completedBefore = await completed(first.id);
  expect(again.filter((call) => completedBefore.has(call))).toEqual([]);
  expect(taken.length + again.length).toBe(calls.length);
});

/** The bodies take a number, which no params schema allows. */
async function started(pipeline: Pipeline, id: string) {
  const { controller } = await reprise.store.runs.register(pipeline);
  await reprise.store.runs.start(controller, { id, params: { text: encode(2) } });
  return reprise.attach(id);
}

/** The steps are those of the oracle; the store lasts from case to case, so that each has its own code. */
function cachedPipeline(name: string, source: string): Pipeline {
  const exported = steps.map((step) => `export const ${step} = async (input) => outcome("${step}", input);`);
  const bundle: Bundle = { code: `/* ${name} */ ${NotReady}\n${outcome}\n${exported.join("\n")}\n` };
  const hash = bundleHash(bundle);
  const options = taskOptions({ cache: true }, "step");
  return {
    format: formatVersion,
    name,
    options: taskOptions({}, "pipeline"),
    templates: Object.fromEntries(steps.map((step) => [step, { kind: "code", bundle: hash, export: step, options }])),
    graph: graphOf(source).graph,
    bundles: { [hash]: bundle },
  };
}

/** The run's calls, the order in which they ended as the oracle takes it, and which of them were taken from the cache. */
async function happened(run: string) {
  const tasks = (await reprise.store.tasks.list({ run })).slice(1);
  const events = await reprise.store.events.read(run, 0);
  const hits = new Set(
    events.flatMap((event) => (event.kind === "cache" && event.outcome === "hit" ? event.task : [])),
  );
  const ends = events.flatMap(({ kind, task }) =>
    task !== run && (kind === "completed" || kind === "failed") ? tasks.findIndex(({ id }) => id === task) : [],
  );
  return {
    calls: tasks.map(({ name, input }) => `call ${callOf(name, input)}`),
    order: following(ends),
    taken: [...hits],
    again: tasks.filter(({ id }) => !hits.has(id)).map(({ name, input }) => callOf(name, input)),
  };
}

async function completed(run: string): Promise<Set<string>> {
  const tasks = await reprise.store.tasks.list({ run, status: "completed" });
  return new Set(tasks.map(({ name, input }) => callOf(name, input)));
}

const callOf = (name: string, input: { text: string } | object | undefined) =>
  `${name}(${input && "text" in input ? encode(decode(input.text)) : encode(undefined)})`;

/** Calls are numbered as they are made, on both sides alike. */
function following(ends: number[]): Order {
  const held: number[] = [];
  let [made, released] = [0, 0];
  return (count) => {
    while (held.length < count) held.push(made++);
    const index = Math.max(0, held.indexOf(ends[released++] ?? -1));
    held.splice(index, 1);
    return index;
  };
}
