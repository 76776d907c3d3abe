/** The time limit of a pipeline: what runs is aborted, and the run fails; agents that die do not make it longer. */
import { expect, test } from "vitest";
import type { Node } from "../../../src/model/node.ts";
import { taskOptions } from "../../../src/model/options.ts";
import { nextTurn } from "../../../src/runtime/controller/event-loop.ts";
import { freshAttempt } from "../../../src/runtime/controller/fresh-attempt.ts";
import { call, pipelineOf, returns, variable, wait } from "./programs.ts";
import { HandClock, Stage } from "./stage.ts";

const v = variable;
const none = "async () => {}";
const minuteMs = 60_000;
const aside: Node = { kind: "call", id: "aside", template: "b", args: [], as: "detached", into: "d" };
const body = [aside, call("a", undefined, "p"), wait(v("p")), call("b", undefined, "q"), wait(v("q")), returns(1)];
const pipeline = {
  ...pipelineOf({ a: none, b: none }, body),
  options: taskOptions({ timeLimit: "1h" }, "pipeline"),
};
const failed = {
  outcome: "failed",
  failure: { name: "TimeLimitError", message: "the pipeline ran longer than its time limit of 1 h 0 m" },
};

/** Its clock begins at the store's own time. */
async function staged(): Promise<{ stage: Stage; forward(minutes: number): Promise<void> }> {
  const clock = new HandClock(Date.now());
  const stage = await Stage.open(pipeline, undefined, { clock });
  return {
    stage,
    async forward(minutes) {
      clock.forward(minutes * minuteMs);
      await stage.settle();
    },
  };
}

const isOpen = async (stage: Stage) => (await Promise.race([stage.result, nextTurn()])) === undefined;

test("past it what runs is aborted, but for what was detached, and the run fails", async () => {
  const { stage, forward } = await staged();
  await using _ = stage;
  await stage.running();
  await stage.complete("a", 1);
  await stage.settle();
  await forward(59);
  expect(await isOpen(stage)).toBe(true);
  await forward(2);
  expect(await stage.result).toEqual(failed);
  expect(await stage.statuses()).toEqual({ aside: "running", a: "completed", b: "aborted" });
});

test("counts from when the run began, and not from when it was resumed", async () => {
  const { stage, forward } = await staged();
  await using _ = stage;
  await forward(40);
  await stage.stopController();
  await stage.startController();
  await forward(10);
  expect(await isOpen(stage)).toBe(true);
  await forward(11);
  expect(await stage.result).toEqual(failed);
});

test("of a run that nobody served meanwhile is over as it is resumed: what was recorded counts, what is open is aborted", async () => {
  const { stage, forward } = await staged();
  await using _ = stage;
  await stage.running();
  await stage.stopController();
  await stage.complete("a", 1);
  await forward(90);
  await stage.startController();
  expect(await stage.result).toEqual(failed);
  expect(await stage.statuses()).toEqual({ aside: "running", a: "completed", b: "aborted" });
});

test("counts anew in an attempt that is made since the one before it failed", async () => {
  const { stage } = await staged();
  await using _ = stage;
  const claim = async () => {
    await stage.store.queue.join({ ...(await stage.store.queue.agents())[0]!, id: "x" });
    const [claimed] = (await stage.store.queue.claim({ agent: "x", queues: ["services"], limit: 1, run: "r" })).claims;
    return claimed!;
  };
  const lose = () => stage.store.queue.rescue(({ id }) => id === "x", "r");
  await stage.running();
  await stage.fail("a", { name: "Error", message: "no" });
  await stage.end();
  await stage.store.tasks.enqueue("r");
  const first = await claim();
  await lose();
  const second = await claim();
  const began = first.task.startedAt!;
  expect(await freshAttempt(second, stage.store)).toMatchObject({ attempt: 2, beganAt: began });
  expect((await stage.store.tasks.attempts("r"))[0]!.startedAt).toBeLessThanOrEqual(began);
});
