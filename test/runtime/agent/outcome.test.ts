import { describe, expect, it } from "vitest";
import type { RetryPolicy } from "../../../src/model/retry.ts";
import { retryPolicy } from "../../../src/model/retry.ts";
import type { Task } from "../../../src/model/task.ts";
import { timeLimitFailure } from "../../../src/model/time-limit.ts";
import { outcomeOf } from "../../../src/runtime/agent/outcome.ts";

const failed = (name: string) => ({ outcome: "failed" as const, failure: { name, message: "no" } });
const claim = (failures: number, retry?: RetryPolicy, { timedOut = 0, lost = 0 } = {}) => ({
  earlier: { failures, timedOut, lost },
  task: { options: { retry } } as Task,
});

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
    const lost = (lost: number) => outcomeOf(failed("LostError"), claim(0, undefined, { lost }), 0);
    expect(lost(0)).toEqual({ ...failed("LostError"), outcome: "retry" });
    expect(lost(1).outcome).toBe("retry");
    expect(lost(2)).toEqual(failed("LostError"));
  });

  it("a pipeline that fails with a step whose process died is not tried again: the step was", () => {
    const ofStep = { outcome: "failed" as const, failure: { name: "LostError", message: "it died", step: "fit" } };
    expect(outcomeOf(ofStep, claim(0), 0)).toEqual(ofStep);
  });

  it("a policy for other errors does not forbid what a dead process is granted", () => {
    const policy = retryPolicy({ limit: 5, when: ["TimeoutError"] });
    expect(outcomeOf(failed("LostError"), claim(1, policy), 0).outcome).toBe("retry");
    expect(outcomeOf(failed("LostError"), claim(1, policy, { lost: 4 }), 0).outcome).toBe("retry");
    expect(outcomeOf(failed("LostError"), claim(1, policy, { lost: 5 }), 0).outcome).toBe("failed");
  });

  it("lost attempts and those past their time limit have limits of their own, and use up none of the others", () => {
    const policy = retryPolicy({ limit: 1, timedOut: 2, lost: 3 });
    const next = (name: string, failures: number, timedOut: number, lost: number) =>
      outcomeOf(failed(name), claim(failures, policy, { timedOut, lost }), 0).outcome;
    expect(next("E", 2, 2, 3)).toBe("retry");
    expect(next("E", 3, 2, 0)).toBe("failed");
    expect(next("TimeLimitError", 2, 1, 0)).toBe("retry");
    expect(next("TimeLimitError", 2, 2, 0)).toBe("failed");
    expect(next("LostError", 1, 0, 2)).toBe("retry");
    expect(next("LostError", 1, 0, 3)).toBe("failed");
  });

  it("an attempt past its time limit is a failure like any other, unless it has a limit of its own", () => {
    expect(outcomeOf(failed("TimeLimitError"), claim(1, retryPolicy(1), { timedOut: 1 }), 0).outcome).toBe("failed");
    expect(outcomeOf(failed("TimeLimitError"), claim(0, retryPolicy({ limit: 3, timedOut: 0 })), 0).outcome).toBe(
      "failed",
    );
  });

  it("an aborted attempt is not tried again", () => {
    expect(outcomeOf(failed("AbortedError"), claim(0, retryPolicy(3)), 0).outcome).toBe("failed");
  });

  it("the failure of a time limit says the limit", () => {
    const limit = "ran longer than its time limit of 5 m 0 s";
    expect(timeLimitFailure("code", 300_000)).toEqual({ name: "TimeLimitError", message: `the step ${limit}` });
    expect(timeLimitFailure("controller", 300_000).message).toBe(`the pipeline ${limit}`);
  });
});
