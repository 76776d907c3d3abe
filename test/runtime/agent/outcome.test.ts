import { describe, expect, it } from "vitest";
import type { RetryPolicy } from "../../../src/model/retry.ts";
import { retryPolicy } from "../../../src/model/retry.ts";
import type { Task } from "../../../src/model/task.ts";
import { outcomeOf, timeLimitFailure } from "../../../src/runtime/agent/outcome.ts";

const failed = (name: string) => ({ outcome: "failed" as const, failure: { name, message: "no" } });
const claim = (failures: number, retry?: RetryPolicy) => ({ failures, task: { options: { retry } } as Task });

describe("what a result becomes", () => {
  it("a completed attempt completes the task", () => {
    expect(outcomeOf({ outcome: "completed", output: { text: "[1]" } }, claim(0), 0)).toEqual({
      outcome: "completed",
      output: { text: "[1]" },
    });
  });

  it("a failure without a retry policy is the end", () => {
    expect(outcomeOf(failed("RangeError"), claim(0), 0)).toEqual(failed("RangeError"));
  });

  it("a retry waits as its policy says, counted from now and by earlier failures", () => {
    const policy = retryPolicy({ limit: 3, delay: "1s" });
    expect(outcomeOf(failed("E"), claim(0, policy), 50)).toMatchObject({ outcome: "retry", notBefore: 1_050 });
    expect(outcomeOf(failed("E"), claim(2, policy), 50)).toMatchObject({ outcome: "retry", notBefore: 4_050 });
    expect(outcomeOf(failed("E"), claim(3, policy), 50)).toEqual(failed("E"));
  });

  it("a retry without a delay is due at once", () => {
    expect(outcomeOf(failed("E"), claim(0, retryPolicy(1)), 50)).toEqual({ ...failed("E"), outcome: "retry" });
  });

  it("a process that died is tried three times in all, without a policy", () => {
    expect(outcomeOf(failed("LostError"), claim(0), 0).outcome).toBe("retry");
    expect(outcomeOf(failed("LostError"), claim(1), 0).outcome).toBe("retry");
    expect(outcomeOf(failed("LostError"), claim(2), 0)).toEqual(failed("LostError"));
  });

  it("a pipeline that fails with a step whose process died is not tried again: the step was", () => {
    const ofStep = { outcome: "failed" as const, failure: { name: "LostError", message: "it died", step: "fit" } };
    expect(outcomeOf(ofStep, claim(0), 0)).toEqual(ofStep);
  });

  it("a policy for other errors does not forbid what a dead process is granted", () => {
    const policy = retryPolicy({ limit: 5, when: ["TimeoutError"] });
    expect(outcomeOf(failed("LostError"), claim(1, policy), 0).outcome).toBe("retry");
    expect(outcomeOf(failed("LostError"), claim(2, policy), 0).outcome).toBe("failed");
  });

  it("the failure of a time limit says the limit", () => {
    const limit = "ran longer than its time limit of 5 m 0 s";
    expect(timeLimitFailure("code", 300_000)).toEqual({ name: "TimeLimitError", message: `the step ${limit}` });
    expect(timeLimitFailure("controller", 300_000).message).toBe(`the pipeline ${limit}`);
  });
});
