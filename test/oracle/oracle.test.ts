import { describe, expect, it } from "vitest";
import { cases, ends } from "./cases.ts";
import { traceGraph, tracePlain, traceResumed } from "./oracle.ts";
import { orders } from "./order.ts";

describe.each(Object.entries({ ...cases, ...ends }))("%s", (_, source) => {
  it.each(Object.entries(orders))("agrees with the plain call, %s", async (_, order) => {
    for (const input of [0, 2, 3]) {
      const expected = await tracePlain(source, input, order());
      expect(await traceGraph(source, input, order())).toEqual(expected);
      expect(await traceResumed(source, input, order)).toEqual(expected);
    }
  });
});
