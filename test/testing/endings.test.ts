/** How a tested pipeline ends, or does not. */
import { expect, test } from "vitest";
import { TestError, testPipeline } from "../../src/testing/index.ts";
import * as fixtures from "./fixtures/pipelines.ts";

const forever = { ...fixtures, default: fixtures.forever };
const outer = { ...fixtures, default: fixtures.outer };

test("a pipeline that waits for a signal that nobody sends is told apart, and how to send it", async () => {
  const tested = testPipeline(forever, { params: { how: "signal" } });
  await expect(tested).rejects.toBeInstanceOf(TestError);
  await expect(tested).rejects.toThrow(
    'the pipeline "forever" waits for ever, for the signal "never sent": send it by signals: { "never sent": … }',
  );
});

test("a pipeline whose promise nothing settles is told apart", async () => {
  await expect(testPipeline(forever, { params: { how: "promise" } })).rejects.toThrow(
    "nothing settles the promise that its body awaits",
  );
});

test("a pipeline that goes on for ever is ended at a limit", async () => {
  await expect(testPipeline(forever, { params: { how: "loop" }, limit: 500 })).rejects.toThrow(
    'the pipeline "forever" has not ended after 500 events: where it is not one without end, raise the option limit',
  );
});

test("an error in a called pipeline is the caller's, and says which step it came from", async () => {
  const tested = await testPipeline(outer, { params: { from: 60 } });
  expect(tested.status).toBe("failed");
  expect(tested.error).toMatchObject({ name: "RangeError", message: "too far: 120" });
  expect(tested.calls.filter(({ step }) => step === "inner")).toMatchObject([
    { path: "inner", status: "failed", error: { message: "too far: 120" } },
    { path: "inner2", status: "aborted" },
  ]);
  expect(() => tested.result).toThrow("too far: 120");
});

test("params that do not fit are refused as a run refuses them", async () => {
  await expect(testPipeline(outer, { params: { from: "1" as never } })).rejects.toThrow(
    'wrong params: "from": expected a number',
  );
});

test("calls of a step that the pipeline does not have are asked for in vain", async () => {
  const tested = await testPipeline(outer, { params: { from: 1 } });
  expect(() => tested.callsOf("measured" as "measure")).toThrow(
    'callsOf: the pipeline "outer" calls no step "measured": did you mean "measure"?',
  );
});

test("what is no pipeline is refused, and so is a module without a default one", async () => {
  await expect(testPipeline(async () => 1)).rejects.toThrow("declare it with pipeline(…)");
  await expect(testPipeline(fixtures as never, {} as never)).rejects.toThrow(
    "the module that was given has no default export",
  );
});

test("what a step throws that is no error reaches the body as one, called plainly and in its graph", async () => {
  const tested = await testPipeline({ ...fixtures, default: fixtures.objects }, { params: { code: 7 } });
  expect(tested.result).toEqual([true, "Error", '{"code":7}']);
  expect(await fixtures.objects({ code: 7 })).toEqual(tested.result);
});
