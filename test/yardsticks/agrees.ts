/** A program of the oracle, held against its graph in every order, with and without stops. */
import { expect } from "vitest";
import type { Trace } from "../oracle/held.ts";
import { traceGraph, tracePlain, traceResumed } from "../oracle/oracle.ts";
import { orders } from "../oracle/order.ts";

/**
 * Expects plain call, graph and resumed graph to leave the same traces, and the plain call to return: a program that throws on its way, for a reason
 * that its writer did not see, would agree with itself and prove nothing. Gives the traces, by input.
 */
export async function agrees(source: string, ends: "returns" | "throws" = "returns"): Promise<Trace[]> {
  const traces: Trace[] = [];
  for (const input of [0, 2, 3]) {
    for (const order of Object.values(orders)) {
      const expected = await tracePlain(source, input, order());
      expect(expected.at(-1)).toMatch(ends === "returns" ? /^return / : /^throw /);
      expect(await traceGraph(source, input, order())).toEqual(expected);
      expect(await traceResumed(source, input, order)).toEqual(expected);
    }
    traces.push(await tracePlain(source, input, () => 0));
  }
  return traces;
}
