import { expect, test } from "vitest";
import { nextTurn } from "../../../src/runtime/controller/event-loop.ts";
import { UnhandledRejections } from "../../../src/runtime/controller/unhandled.ts";

function opened() {
  const rejections = new UnhandledRejections();
  return Object.assign(rejections, { [Symbol.dispose]: () => rejections.close() });
}

test("a rejection that nobody handles is known by the next turn, and the process does not hear of it", async () => {
  using rejections = opened();
  const heard: unknown[] = [];
  const listener = (reason: unknown) => heard.push(reason);
  process.on("unhandledRejection", listener);
  const error = new Error("lost");
  const call = rejections.within(() => Promise.withResolvers<void>());
  rejections.within(() => call.reject(error));
  expect(rejections.first()).toBeUndefined();
  await nextTurn();
  process.off("unhandledRejection", listener);
  expect(rejections.first()).toEqual({ reason: error });
  expect(heard).toEqual([]);
});

test("one that is handled in the same turn, or later, is not", async () => {
  using rejections = opened();
  const soon = rejections.within(() => Promise.withResolvers<void>());
  const late = rejections.within(() => Promise.withResolvers<void>());
  rejections.within(() => {
    soon.reject(new Error("soon"));
    late.reject(new Error("late"));
    void Promise.resolve().then(() => soon.promise.catch(() => {}));
  });
  await nextTurn();
  expect(rejections.first()).toEqual({ reason: new Error("late") });
  late.promise.catch(() => {});
  await nextTurn();
  expect(rejections.first()).toBeUndefined();
});

test("an async function that awaited it and is not awaited itself is a rejection of its own", async () => {
  using rejections = opened();
  const step = rejections.within(() => Promise.withResolvers<void>());
  rejections.within(() => {
    void (async () => {
      await step.promise;
    })();
  });
  const error = new Error("of the step");
  rejections.within(() => step.reject(error));
  await nextTurn();
  expect(rejections.first()).toEqual({ reason: error });
});

test("the rejections of two runs are kept apart", async () => {
  using one = opened();
  using other = opened();
  one.within(() => void Promise.reject(new Error("of one")));
  await nextTurn();
  expect(one.first()).toEqual({ reason: new Error("of one") });
  expect(other.first()).toBeUndefined();
});

test("rejections of the program around stay its own, and when no run is left, nothing is between", async () => {
  // What was opened before is closed a turn later.
  await nextTurn();
  const before = process.emit;
  const heard: unknown[] = [];
  const others = process.listeners("unhandledRejection");
  process.removeAllListeners("unhandledRejection");
  process.on("unhandledRejection", (reason) => heard.push(reason));
  {
    using _ = opened();
    expect(process.emit).not.toBe(before);
    void Promise.reject("the program's");
    await nextTurn();
  }
  process.removeAllListeners("unhandledRejection");
  for (const listener of others) process.on("unhandledRejection", listener);
  expect(heard).toEqual(["the program's"]);
  await nextTurn();
  expect(process.emit).toBe(before);
});

test("a listener for a signal that was added while a run was open works after it", async () => {
  const rejections = opened();
  const heard = new Promise((resolve) => process.once("SIGUSR2", resolve));
  rejections.close();
  process.kill(process.pid, "SIGUSR2");
  expect(await heard).toBe("SIGUSR2");
});
