import fc from "fast-check";
import { expect, it } from "vitest";
import { constructs, constructsOf } from "./constructs.ts";
import { program } from "./program.ts";

it("random programs hold every construct of the language", { timeout: 120_000 }, () => {
  let missing = Object.keys(constructs);
  for (let seed = 1; seed <= 20 && missing.length > 0; seed += 1)
    for (const source of fc.sample(program, { seed, numRuns: 50 })) {
      const found = constructsOf(source, missing);
      missing = missing.filter((name) => !found.has(name));
    }
  expect(missing).toEqual([]);
});

it("a program that does nothing holds none of them", () => {
  expect(constructsOf("async function body(n: any): Promise<any> { return n; }")).toEqual(new Set());
});
