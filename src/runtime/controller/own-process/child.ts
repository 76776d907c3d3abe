/** The program of a process that runs one graph, for a controller elsewhere. */
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";
import type { Clock } from "../../../model/clock.ts";
import type { Hash } from "../../../model/hash.ts";
import { decode } from "../../../model/value.ts";
import { Chances, systemChances } from "../chances.ts";
import { Fuel } from "../graph/fuel.ts";
import { load, prepare } from "../graph/load.ts";
import { RunningGraph } from "../running-graph.ts";
import type { FromChild, Setting, ToChild } from "./protocol.ts";

/** Far more often than the controller's patience ends. */
const aliveEveryMs = 1_000;

/** The controller sends every value with its event. */
const blobs = { get: (hash: Hash) => Promise.reject(new Error(`the value ${hash} is missing in its event`)) };

let graph: RunningGraph;
let told = { now: 0, at: 0 };

/** The controller's time; it is the controller that rings. */
const clock: Clock = {
  now: () => Math.round(told.now + performance.now() - told.at),
  at: () => () => {},
};

new Worker(createRequire(import.meta.url).resolve("#controller-lifeline")).unref();
process.on("disconnect", () => process.exit());
process.on("message", (message: ToChild) => void answer(message));
tell({ kind: "alive" });
setInterval(() => tell({ kind: "alive" }), aliveEveryMs);

async function answer(message: ToChild): Promise<void> {
  told = { now: message.now, at: performance.now() };
  if (message.kind === "start") {
    await prepare([message.setting.program.graph]);
    graph = graphOf(message.setting);
  }
  const turn =
    message.kind === "start"
      ? await graph.start(decode(message.params))
      : await graph.turn(message.events, new AbortController().signal);
  tell({ kind: "turn", turn, open: graph.open() });
}

function graphOf({ run, program, budget, history, chances, since, onFailure, attempt, around }: Setting): RunningGraph {
  const { name, pipelines, unread } = program;
  return new RunningGraph(
    run,
    { name, pipelines, unread, loaded: load(program.graph) },
    {
      history,
      chances: new Chances(systemChances(clock, since), chances),
      clock,
      blobs,
      fuel: new Fuel(budget),
      around,
      attempt,
      ...(onFailure && { onFailure }),
    },
  );
}

function tell(message: FromChild): void {
  process.send!(message);
}
