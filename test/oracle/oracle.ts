/**
 * The oracle: given the same order of step completions, the plain function and its graph make the same calls, with the same inputs, in the same order, up
 * to the moment they settle, and settle alike. Every completion is held, and released one per turn of the event loop, in a chosen order.
 */
import { callInterceptor, pipelineContext } from "../../src/model/context.ts";
import type { Graph } from "../../src/model/pipeline.ts";
import type { Decision } from "../../src/runtime/controller/explain/decision.ts";
import { explain } from "../../src/runtime/controller/explain/explain.ts";
import { type Loaded, load } from "../../src/runtime/controller/graph/load.ts";
import { Held, type Running, type Trace } from "./held.ts";
import type { Order } from "./order.ts";
import { graphOf, plain } from "./program.ts";

/** The plain function's trace. */
export async function tracePlain(source: string, input: unknown, order: Order): Promise<Trace> {
  const held = new Held();
  const body = await plain(source, held.read);
  const called: Running = (given, run, ended) =>
    void callInterceptor
      .run(held.interceptor(run), () => pipelineContext.run(["body"], body, given))
      .then(
        (value) => ended({ value }),
        (error) => ended({ error }),
      );
  return held.run(called, input, order);
}

/** The graph's trace, in one controller's life. */
export async function traceGraph(source: string, input: unknown, order: Order): Promise<Trace> {
  const held = new Held();
  return held.run(running(source, held), input, order);
}

/**
 * The graph's trace where the controller is stopped after every release: the graph is run anew from its beginning with the recorded releases
 * delivered again, each time one more. It explains its decisions, which changes nothing.
 */
export async function traceResumed(source: string, input: unknown, order: () => Order): Promise<Trace> {
  const recorded: string[] = [];
  for (;;) {
    const held = new Held();
    const trace = await held.replay(running(source, held, { explains: true }), input, recorded, order());
    if (trace !== undefined) return trace;
  }
}

function running(source: string, held: Held, { explains = false } = {}): Running {
  const { graph, pipelines } = graphOf(source);
  const runningOf = (graph: Graph): Running => {
    const loaded = loadedOnce(graph);
    return (input, run, ended) => {
      const pipeline = (name: string) => runningOf(pipelines[name] as Graph);
      const decide = (decision: Decision) => void explain(decision, loaded.texts);
      const host = { ...held.host(run, pipeline), ...(explains && { decide }) };
      loaded.run(input, host, { ended }).catch((error) => ended({ error }));
    };
  };
  return runningOf(graph);
}

const loadedGraphs = new WeakMap<Graph, Loaded>();

function loadedOnce(graph: Graph): Loaded {
  const loaded = loadedGraphs.get(graph) ?? load(graph);
  loadedGraphs.set(graph, loaded);
  return loaded;
}
