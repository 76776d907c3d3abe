/**
 * The interpreter of pipelines: a graph is loaded once, into closures, and then run as the function that it was compiled from: the same calls, with the
 * same inputs, in the same order, and the same ticks between.
 */
import type { Graph } from "../../../model/pipeline.ts";
import type { Texts } from "../../../model/print-expression.ts";
import { textsOf } from "../../../model/texts.ts";
import { closure } from "./closure.ts";
import { compile } from "./compile.ts";
import { Context, current } from "./context.ts";
import { Fuel } from "./fuel.ts";
import type { Host } from "./host.ts";
import { Names } from "./scope.ts";

export type { Host } from "./host.ts";

export type RunOptions = {
  fuel?: Fuel;
  /**
   * Hears how the body has settled in the tick in which a caller's `await` would: what still runs may change the result in the next. Not
   * called where a `Fatal` error ends the run.
   */
  ended?: (end: End) => void;
  /** In data order: a node that fails keeps only those from running that read it, at any distance. The run still fails, at its end. */
  goesOn?: boolean;
  /** Of a pipeline that is retried: which attempt it is, from 1. Each has tasks of its own. */
  attempt?: number;
};

export type End = { value: unknown } | { error: unknown };

export interface Loaded {
  /** The source texts that its temporaries stand for. */
  readonly texts: Texts;
  /**
   * Runs the body from its beginning; the promise settles as the function's own would, or rejects with a `Fatal` error. Whoever delivers
   * results of steps refuels `fuel` at each.
   */
  run(params: unknown, host: Host, options?: RunOptions): Promise<unknown>;
}

let dataflow: typeof import("../dataflow/dataflow.ts")["dataflow"];

/** Makes ready what graphs need to be loaded: most programs have none in data order. */
export async function prepare(graphs: readonly Graph[]): Promise<void> {
  if (graphs.some(({ order }) => order === "data")) ({ dataflow } = await import("../dataflow/dataflow.ts"));
}

/** Throws a PipelineError where the graph cannot be run: a variable that nothing declares, a `break` out of nothing. It was prepared. */
export function load(graph: Graph): Loaded {
  const start = graph.order === "data" ? dataflow(graph.body, compile) : sequence(graph);

  return {
    texts: textsOf(graph),
    run: (params, host, { fuel = new Fuel(), ended, goesOn = false, attempt = 1 }: RunOptions = {}) =>
      new Promise((resolve, reject) => {
        const root = new Context({
          host,
          fuel,
          goesOn,
          end(error): never {
            fuel.left = -1; // what it may still do, it does not
            reject(error); // at once: a promise of the body's own may swallow what is thrown
            throw error;
          },
        });
        const context = attempt === 1 ? root : root.turn("", attempt, 0);
        const outside = current.context;
        current.context = context;
        try {
          start(params, context).then(
            (value) => {
              ended?.({ value });
              resolve(value);
            },
            (error) => {
              ended?.({ error });
              reject(error);
            },
          );
        } catch (error) {
          reject(error);
        } finally {
          current.context = outside;
        }
      }),
  };
}

/** Starts the body in the context of its run; the promise settles as the function's own would. */
export type Start = (params: unknown, root: Context) => Promise<unknown>;

function sequence(graph: Graph): Start {
  const names = new Names(undefined, compile.declared(graph.module));
  const module = compile.region(graph.module, { names, async: false, targets: [], told: false });
  const body = closure(graph.body, names, compile, true);
  return (params, root) => {
    const scope = names.open(undefined);
    if (module.kind === "plain") module.run(scope);
    return body(scope, () => root)(params) as Promise<unknown>;
  };
}
