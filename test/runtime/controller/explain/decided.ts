/** Runs a body written as a text, and tells its decisions in words. */

import type { Decision } from "../../../../src/runtime/controller/explain/decision.ts";
import { explain } from "../../../../src/runtime/controller/explain/explain.ts";
import { load } from "../../../../src/runtime/controller/graph/load.ts";
import { lowered } from "../../../compiler/lower/harness.ts";

/** The steps `a`, `b`, `c` and `fit` give back their input. */
export async function decided(source: string, params?: unknown): Promise<string[]> {
  const { graph, problems } = lowered(source);
  if (problems.length > 0) throw new Error(problems[0]?.message);
  const loaded = load(graph);
  const decisions: Decision[] = [];
  await loaded.run(params, {
    call: async (_path, _node, input) => input,
    decide: (decision) => decisions.push(decision),
  });
  return decisions.map((decision) => `${decision.path}: ${explain(decision, loaded.texts)}`);
}

/** Of one test: `if (TEST) await a(1)`, with the variables of `given`. */
export async function reason(test: string, given: Record<string, unknown> = {}): Promise<string> {
  const names = Object.keys(given).join(", ");
  const [told = ""] = await decided(
    `async function body({ ${names} }: any) { if (${test}) await a(1); else await b(2); }`,
    given,
  );
  return told.replace(/^if1: /, "");
}
