import { describe, expect, it } from "vitest";
import { traceGraph, tracePlain, traceResumed } from "./oracle.ts";
import { random } from "./order.ts";
import { frames, program } from "./pairs.ts";

describe.each(Object.entries(frames))("%s", (_, outer) => {
  it.each(Object.entries(frames))("around %s agrees with the plain call", async (_, inner) => {
    const source = program(outer, inner);
    for (const start of [0, 3]) {
      for (const seed of [1, 2])
        expect(await traceGraph(source, start, random(seed))).toEqual(await tracePlain(source, start, random(seed)));
      expect(await traceResumed(source, start, () => random(3))).toEqual(await tracePlain(source, start, random(3)));
    }
  });
});
