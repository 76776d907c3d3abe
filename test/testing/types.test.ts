/** What the types of a test say, and what they refuse. */
import { describe, expectTypeOf, test } from "vitest";
import Release from "../../examples/doors/release/class.ts";
import { testPipeline } from "../../src/testing/index.ts";
import * as fixtures from "./fixtures/pipelines.ts";

const outer = { ...fixtures, default: fixtures.outer };
const params = { from: 1 };

describe("of a module", () => {
  test("results, calls and fakes have the types of the pipeline and its steps", async () => {
    const tested = await testPipeline(outer, {
      params,
      steps: {
        measure: (input) => {
          expectTypeOf(input).toEqualTypeOf<{ at: number }>();
          return input.at;
        },
      },
    });
    expectTypeOf(tested.result).toEqualTypeOf<{ sum: number }>();
    expectTypeOf(tested.callsOf("measure")[0]!.input).toEqualTypeOf<{ at: number }>();
    expectTypeOf(tested.callsOf("measure")[0]!.output).toEqualTypeOf<number | undefined>();
    expectTypeOf(tested.callsOf("inner")[0]!.input.from).toBeNumber();
  });

  test("wrong ones are refused", () => {
    const wrong = () => {
      // @ts-expect-error: a fake gives what its step gives
      void testPipeline(outer, { params, steps: { measure: () => "far" } });
      // @ts-expect-error: there is no such step
      void testPipeline(outer, { params, steps: { mesure: () => 1 } });
      // @ts-expect-error: there is no such step
      void testPipeline(outer, { params, fail: { mesure: [] } });
      // @ts-expect-error: the pipeline needs its params
      void testPipeline(outer);
      // @ts-expect-error: the pipeline needs its params
      void testPipeline(outer, {});
      // @ts-expect-error: of the wrong type
      void testPipeline(outer, { params: { from: "1" } });
      // @ts-expect-error: no order
      void testPipeline(outer, { params, order: "random" });
    };
    expectTypeOf(wrong).toBeFunction();
  });
});

describe("of a class", () => {
  test("steps are its methods, params those of run", () => {
    const right = () =>
      testPipeline(Release, { params: { version: "1" }, steps: { lint: ({ file }) => ({ warnings: file.length }) } });
    expectTypeOf<Awaited<ReturnType<typeof right>>["result"]>().toEqualTypeOf<
      Awaited<ReturnType<InstanceType<typeof Release>["run"]>>
    >();
    const wrong = () => {
      // @ts-expect-error: a fake gives what its step gives
      void testPipeline(Release, { params: { version: "1" }, steps: { lint: () => ({ warnings: "none" }) } });
      // @ts-expect-error: run is the pipeline itself
      void testPipeline(Release, { params: { version: "1" }, steps: { run: () => ({}) } });
    };
    expectTypeOf(wrong).toBeFunction();
  });
});

describe("of a pipeline alone", () => {
  test("result and params are known, and of its steps nothing", () => {
    const right = () => testPipeline(fixtures.outer, { params, steps: { anything: ({ at }) => at } });
    expectTypeOf<Awaited<ReturnType<typeof right>>["result"]>().toEqualTypeOf<{ sum: number }>();
    // @ts-expect-error: of the wrong type
    const wrong = () => testPipeline(fixtures.outer, { params: { from: "1" } });
    expectTypeOf(wrong).toBeFunction();
  });

  test("params may be left out where all are optional", () => {
    const right = () => testPipeline(fixtures.together);
    expectTypeOf<Awaited<ReturnType<typeof right>>["result"]>().toEqualTypeOf<{ done: string[]; first: string }>();
  });
});
