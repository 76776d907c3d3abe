/** Two runs side by side: what they were given, what they came to, which calls they made, and which way they went. */
import { definitionOf } from "../model/definition.ts";
import { rootOf } from "../model/identity.ts";
import type { Pipeline } from "../model/pipeline.ts";
import type { Provenance } from "../model/provenance.ts";
import type { Stored, Task, TaskStatus } from "../model/task.ts";
import type { Events, Provenances, Runs, Tasks } from "../runtime/ports.ts";
import { changesBetween, shortHash, type ValueChange } from "./changes.ts";
import { pathIn } from "./find.ts";
import { comparePipelines } from "./graph/diff/pipelines.ts";
import { decisionsOf } from "./run-decisions.ts";
import { formatBytes } from "./view/text.ts";

export type Pair<T> = { before: T; after: T };

export type RunComparison = {
  runs: Pair<Task>;
  provenance: Pair<Provenance | undefined>;
  params: ValueChange[];
  result: ValueChange[];
  /** What changed in the pipeline, in words: see `comparePipelines`. Empty where both ran the same one. */
  code: string[];
  calls: { same: number; only: Pair<Call[]>; changed: ChangedCall[] };
  /** Those that both made, and that went another way. `before` and `after` say why. */
  decisions: ({ path: string } & Pair<string>)[];
};

export type Call = { path: string; step: string };
export type ChangedCall = Call & { status?: Pair<TaskStatus>; input: ValueChange[]; output: ValueChange[] };

/** What it asks of a store. */
export type ComparedStore = {
  tasks: Pick<Tasks, "list">;
  events: Pick<Events, "read">;
  runs: Pick<Runs, "pipeline">;
  provenance: Pick<Provenances, "of">;
  /** A kept value, decoded. */
  read(stored: Stored | undefined): Promise<unknown>;
  /** A value on one line. */
  words(value: unknown): string;
};

export async function compareRuns(store: ComparedStore, before: Task, after: Task): Promise<RunComparison> {
  const [params, result, calls, decisions, code, ...provenance] = await Promise.all([
    changes(store, before.input, after.input),
    changes(store, before.output, after.output),
    compareCalls(store, before, after),
    compareDecisions(store, before, after),
    compareCode(store, before, after),
    store.provenance.of(rootOf(before.id)),
    store.provenance.of(rootOf(after.id)),
  ]);
  const [earlier, later] = provenance;
  return {
    runs: { before, after },
    provenance: { before: earlier, after: later },
    ...{ params, result, code, calls, decisions },
  };
}

async function changes(
  store: ComparedStore,
  before: Stored | undefined,
  after: Stored | undefined,
): Promise<ValueChange[]> {
  // Most are the same: nothing is loaded for those.
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if ([before, after].some(isHuge)) return [{ field: "", ...sized("before", before), ...sized("after", after) }];
  return changesBetween(await store.read(before), await store.read(after), store.words);
}

/** What is larger is not loaded: its size and its hash tell that it is another. */
const hugeBytes = 1_000_000;

const isHuge = (stored: Stored | undefined): boolean =>
  stored !== undefined && "blob" in stored && stored.bytes > hugeBytes;

function sized<Side extends string>(side: Side, stored: Stored | undefined): { [S in Side]?: string } {
  if (stored === undefined) return {};
  const text = "blob" in stored ? `${formatBytes(stored.bytes)}, ${shortHash(stored.blob)}` : "a small value";
  return { [side]: text } as { [S in Side]?: string };
}

async function compareCalls(store: ComparedStore, before: Task, after: Task): Promise<RunComparison["calls"]> {
  const [earlier, later] = await Promise.all([callsOf(store, before), callsOf(store, after)]);
  const both = [...later].filter(([path]) => earlier.has(path));
  const compared = await Promise.all(both.map(([path, task]) => compareCall(store, path, earlier.get(path)!, task)));
  const changed = compared.filter((call) => call !== undefined);
  return {
    same: both.length - changed.length,
    only: { before: without(earlier, later), after: without(later, earlier) },
    changed,
  };
}

/** By their paths, those too of the runs that it called. */
async function callsOf(store: ComparedStore, run: Task): Promise<Map<string, Task>> {
  const tasks = await store.tasks.list({ run: run.id });
  return new Map(tasks.filter(({ id }) => id !== run.id).map((task) => [pathIn(run.id, task), task]));
}

const without = (calls: Map<string, Task>, others: Map<string, Task>): Call[] =>
  [...calls].filter(([path]) => !others.has(path)).map(([path, { name }]) => ({ path, step: name }));

async function compareCall(store: ComparedStore, path: string, a: Task, b: Task): Promise<ChangedCall | undefined> {
  const [input, output] = await Promise.all([changes(store, a.input, b.input), changes(store, a.output, b.output)]);
  if (a.status === b.status && input.length + output.length === 0) return undefined;
  const status = a.status === b.status ? {} : { status: { before: a.status, after: b.status } };
  return { path, step: b.name, ...status, input, output };
}

async function compareDecisions(store: ComparedStore, a: Task, b: Task): Promise<RunComparison["decisions"]> {
  const [before, after] = await Promise.all([decided(store, a), decided(store, b)]);
  return [...after].flatMap(([path, { outcome, explanation }]) => {
    const earlier = before.get(path);
    if (earlier === undefined || earlier.outcome === outcome) return [];
    return [{ path, before: earlier.explanation, after: explanation }];
  });
}

async function decided(store: ComparedStore, { id }: Task) {
  const found = new Map<string, { outcome: number; explanation: string }>();
  for await (const page of decisionsOf(store, id)) for (const decision of page) found.set(decision.path, decision);
  return found;
}

async function compareCode(store: ComparedStore, a: Task, b: Task): Promise<string[]> {
  if (a.code.kind !== "controller" || b.code.kind !== "controller") return [];
  const isSame = a.code.pipeline === b.code.pipeline && a.code.definition === b.code.definition;
  if (isSame) return [];
  const [before, after] = await Promise.all([a, b].map((run) => pipelineOf(store, run)));
  return comparePipelines(before!, after!).words;
}

/** With the graph of what the run ran, where that is a pipeline which another one calls. */
async function pipelineOf(store: ComparedStore, { code }: Task): Promise<Pipeline> {
  if (code.kind !== "controller") throw new Error("only controllers run pipelines");
  const pipeline = await store.runs.pipeline(code.pipeline);
  return code.definition === undefined ? pipeline : { ...pipeline, ...definitionOf(pipeline, code.definition)! };
}
