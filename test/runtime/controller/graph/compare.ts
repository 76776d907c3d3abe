/**
 * A graph beside the same program written natively. Both call held steps, which are released one a turn of the event loop in an order of the test's;
 * both must make the same calls with the same inputs in the same order and at the same ticks, and settle alike. Ticks are counted by a
 * fibre that runs beside the body.
 */
import { inspect } from "node:util";
import { expect } from "vitest";
import type { Node } from "../../../../src/model/node.ts";
import type { Graph } from "../../../../src/model/pipeline.ts";
import { type Host, load } from "../../../../src/runtime/controller/graph/load.ts";
import { graph } from "./build.ts";

/** Starts a step. One named `bad…` rejects, any other gives its input, or its number where it has none. */
type Start = (template: string, input?: unknown) => Promise<unknown>;
// biome-ignore lint/suspicious/noExplicitAny: a program as an author would write it
export type Native = (start: Start, params: any) => any;
type Order = (open: number) => number;

type Trace = { calls: string[]; outcome: string };

/** Compares in several orders of completion. */
export async function agrees(native: Native, program: Graph | Node[], params: unknown = undefined): Promise<Trace> {
  const loaded = load(Array.isArray(program) ? graph(...program) : program);
  let last: Trace | undefined;
  for (const order of orders()) {
    const expected = await trace((start) => native(start, structuredClone(params)), order());
    const actual = await trace((start) => {
      const host: Host = { call: (path, node, input) => start(node.template as string, input, path) };
      return loaded.run(structuredClone(params), host);
    }, order());
    expect(actual).toEqual(expected);
    last = actual;
  }
  return last as Trace;
}

function orders(): (() => Order)[] {
  return [() => () => 0, () => (open) => open - 1, () => random(1), () => random(2)];
}

function random(seed: number): Order {
  let state = seed;
  return (open) => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * open);
  };
}

type Held = {
  template: string;
  number: number;
  input: unknown;
  resolve(value: unknown): void;
  reject(error: unknown): void;
};

async function trace(
  run: (start: (template: string, input?: unknown, path?: string) => Promise<unknown>) => unknown,
  order: Order,
) {
  const calls: string[] = [];
  const paths = new Set<string>();
  const held: Held[] = [];
  let ticks = 0;
  let outcome: string | undefined;

  const start = (template: string, input?: unknown, path?: string): Promise<unknown> => {
    calls.push(`${template}(${inspect(input, { depth: 9 })}) at tick ${ticks}`);
    if (path !== undefined) {
      expect(paths).not.toContain(path);
      paths.add(path);
    }
    return new Promise((resolve, reject) => held.push({ template, number: calls.length, input, resolve, reject }));
  };
  const clock = async (): Promise<void> => {
    ticks = 0;
    for (let i = 0; i < 60; i += 1) {
      await null;
      ticks += 1;
    }
  };

  void clock();
  Promise.resolve(invoke(() => run(start))).then(
    (value) => {
      outcome ??= `gave ${inspect(value, { depth: 9 })}`;
    },
    (error) => {
      outcome ??= `threw ${thrown(error)}`;
    },
  );
  for (;;) {
    await new Promise(setImmediate);
    const [next] = held.splice(order(held.length), 1);
    if (next === undefined) return { calls, outcome: outcome ?? "hangs" };
    void clock();
    if (next.template.startsWith("bad")) next.reject(failure(next));
    else next.resolve(next.input === undefined ? next.number : next.input);
  }
}

/** Without a stack, which would tell the two apart. */
function failure({ template, input }: Held): Error {
  return Object.assign(new RangeError(`${template} ${inspect(input)}`), { stack: undefined });
}

async function invoke(run: () => unknown): Promise<unknown> {
  return run();
}

/** The engine's own TypeErrors are compared by their class. */
export function thrown(error: unknown): string {
  if (!(error instanceof Error)) return inspect(error);
  return error instanceof TypeError ? "TypeError" : `${error.name}: ${error.message}`;
}
