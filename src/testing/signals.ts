/** Who sends the signals that a pipeline waits for. */
import { nodesOf } from "../model/nodes-of.ts";
import type { Graph, Pipeline } from "../model/pipeline.ts";
import { checkSent, checkSignalName } from "../model/sent-signal.ts";
import { encode } from "../model/value.ts";

/**
 * What is sent when the body waits for a signal, by the signal's name: a value at once, or what a function gives, which is asked at every wait and may first
 * `sleep` in virtual time.
 */
export type Signals = { readonly [name: string]: unknown };

export class Senders {
  readonly #signals: Signals;

  /** Throws a SignalError for a signal that no body waits for. */
  constructor({ graph, pipelines = {} }: Pipeline, signals: Signals = {}) {
    this.#signals = signals;
    const graphs = [graph, ...Object.values(pipelines).map((called) => called.graph)];
    const waits = graphs.flatMap((each) => nodesOf(each, "signal"));
    for (const name of Object.keys(signals)) checkSignalName(name, waits);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#signals, name);
  }

  /** What is sent, encoded; undefined for a signal without a value. Rejects with a SignalError where it does not fit what the graph waits for. */
  async send(name: string, graph: Graph): Promise<string | undefined> {
    const sender = this.#signals[name];
    const value = checkSent(graph, name, typeof sender === "function" ? await sender() : sender);
    return value === undefined ? undefined : encode(value, `the value of the signal "${name}"`);
  }
}
