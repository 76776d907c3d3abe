/**
 * What a run would do at once: its graph is run up to where it waits for a task that has to run. What the cache has is given to it, so that it gets as far
 * as it would. Nothing is recorded.
 */
import type { CacheOutcome } from "../../model/cache.ts";
import { systemClock } from "../../model/clock.ts";
import { graphsOf } from "../../model/definition.ts";
import type { Failure } from "../../model/failure.ts";
import type { Pipeline } from "../../model/pipeline.ts";
import { isRefreshed, type Refresh } from "../../model/refresh.ts";
import { copy } from "../../model/value.ts";
import type { Store } from "../ports.ts";
import type { Wanted } from "./calls.ts";
import { Chances, systemChances } from "./chances.ts";
import { Fuel } from "./graph/fuel.ts";
import { load, prepare } from "./graph/load.ts";
import { type Ended, noHistory } from "./history.ts";
import { knownCalls } from "./known-calls.ts";
import { type Program, programOf } from "./programs.ts";
import { RunningGraph } from "./running-graph.ts";
import { stepKey } from "./step-key.ts";

/** A call with the input that it would have. `cache`: of a step that may be taken from there. */
export type Foreseen = { path: string; template: string; cache?: CacheOutcome };

/** `ends`: how the body does by then. `later`: calls that it does not get to, and whose input is known all the same, by their nodes. */
export type Forecast = {
  calls: Foreseen[];
  ends?: "completed" | { failure: Failure };
  later: Map<object, CacheOutcome>;
};

/** `params` were checked. */
export async function forecast(
  pipeline: Pipeline,
  params: unknown,
  { store, refresh }: { store: Store; refresh?: Refresh },
): Promise<Forecast> {
  await prepare(graphsOf(pipeline));
  const program = programOf(pipeline);
  const look = async ({ path, template, input }: Wanted): Promise<Foreseen> => {
    const step = program.cached.get(template);
    if (step === undefined) return { path, template };
    const { cache: policy, project = pipeline.options.project } = step.options;
    const key = stepKey(step, input, isRefreshed(refresh, template));
    return { path, template, cache: await store.cache.look({ name: template, key, policy: policy!, project }) };
  };
  const known = knownCalls(program.graph, program.cached);
  const later = known ? await asked(graphOf({ ...program, loaded: load(known.graph) }, store), params, look) : [];
  return {
    ...(await follow(graphOf(program, store), params, store, look)),
    later: new Map(later.flatMap(({ path, cache }) => (cache ? [[known!.calls.get(path)!, cache]] : []))),
  };
}

type Look = (wanted: Wanted) => Promise<Foreseen>;

const graphOf = (program: Omit<Program, "templates">, store: Store): RunningGraph =>
  new RunningGraph(run, program, {
    history: noHistory,
    chances: new Chances(systemChances(systemClock, Date.now()), new Map()),
    clock: systemClock,
    blobs: store.blobs,
    fuel: new Fuel(undefined, { shared: true }),
  });

/** What the graph asks for first. */
async function asked(graph: RunningGraph, params: unknown, look: Look): Promise<Foreseen[]> {
  try {
    return await Promise.all((await graph.start(copy(params))).clones.map(look));
  } finally {
    graph.close();
  }
}

async function follow(
  graph: RunningGraph,
  params: unknown,
  store: Store,
  look: Look,
): Promise<Pick<Forecast, "calls" | "ends">> {
  const calls: Foreseen[] = [];
  try {
    for (let turn = await graph.start(copy(params)); ; ) {
      const foreseen = await Promise.all(turn.clones.map(look));
      calls.push(...foreseen);
      if (turn.kind === "settled") {
        const { outcome } = turn;
        return { calls, ends: outcome.kind === "completed" ? "completed" : { failure: outcome.failure } };
      }
      const hits = await Promise.all(foreseen.map((call) => endOf(store, call)));
      const heard = hits.filter((hit) => hit !== undefined);
      if (turn.kind === "outgrown" || heard.length === 0 || calls.length > mostCalls) return { calls };
      turn = await graph.turn(heard, never);
    }
  } finally {
    graph.close();
  }
}

/** Stands for the run that is not there. */
const run = "plan";
/** A loop of which the cache has every turn is followed so far. */
const mostCalls = 10_000;
const never = new AbortController().signal;

/** As the run's controller would hear it. */
async function endOf({ tasks }: Store, { path, cache }: Foreseen): Promise<Ended | undefined> {
  if (cache?.outcome !== "hit") return undefined;
  const { output } = (await tasks.get(cache.from)) ?? {};
  return { kind: "completed", seq: 0, run, task: `${run}/${path}`, at: 0, attempt: 1, ...(output && { output }) };
}
