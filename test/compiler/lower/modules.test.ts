/** What a body uses of its project's modules, compiled from real files. */
import { expect, it } from "vitest";
import { load } from "../../../src/runtime/controller/graph/load.ts";
import { compiled } from "../project.ts";

const run = async (files: Record<string, string>) => {
  const { pipeline } = await compiled(files);
  return await load(pipeline.graph).run({ n: 2 }, { call: async (_, node, input) => ({ step: node.template, input }) });
};

it("constants, functions, enums and defaults of other files, through every kind of import", async () => {
  expect(
    await run({
      "pipeline.ts": `
        import { pipeline } from "reprise";
        import settings from "./settings.json" with { type: "json" };
        import limits, { type Limits, Mode, clamp as keep } from "./limits.ts";
        import * as all from "./limits.ts";
        import { again } from "./again.ts";
        const { low, high: [first] } = limits;
        export default pipeline("p", async ({ n }: { n: number }) => {
          const used: Limits = limits;
          return [settings.depth, settings.list[1], keep(n * 9), all.clamp(-5), Mode.fast, Mode[1], again(n), low, first, used.low];
        });`,
      "settings.json": `{ "depth": 3, "list": [1, 2], "text": "a" }`,
      "limits.ts": `
        export type Limits = { low: number; high: number[] };
        export enum Mode { slow, fast = 4, third = 1 }
        export function clamp(x: number): number { return Math.min(Math.max(x, bounds.low), bounds.high[0] ?? 0); }
        const bounds: Limits = { low: 1, high: [10] };
        export default bounds;`,
      "again.ts": `export { clamp as again } from "./limits.ts";`,
    }),
  ).toEqual([3, 2, 10, 1, 4, "third", 2, 1, 10, 1]);
});

it("a class of errors of the author's, known by its name where a step threw it", async () => {
  const { pipeline } = await compiled(`
    import { pipeline, step } from "reprise";
    export class QuotaError extends RangeError {}
    class HardError extends QuotaError { override name = "HardError"; }
    class OtherError extends Error {}
    export const full = step(async (): Promise<number> => { throw new HardError("full"); });
    export default pipeline("p", async () => {
      try { return await full(); } catch (error) {
        return [error instanceof QuotaError, error instanceof HardError, error instanceof RangeError, error instanceof OtherError, (error as Error).name];
      }
    });`);
  const { errorOf, failureOf } = await import("../../../src/model/failure.ts");
  class QuotaError extends RangeError {}
  class HardError extends QuotaError {
    override name = "HardError";
  }
  const call = () => Promise.reject(errorOf(failureOf(new HardError("full"))));
  expect(await load(pipeline.graph).run(undefined, { call })).toEqual([true, true, true, false, "HardError"]);
});
