import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test, vi } from "vitest";
import { onRejection } from "../../../src/runtime/controller/rejection.ts";

test("whoever hears of a rejection hears of it, before or after it happened, and once", async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  const before = vi.fn();
  const after = vi.fn();
  onRejection(promise, before);
  reject(new Error("gone"));
  await expect(promise).rejects.toThrow("gone");
  await Promise.resolve();
  onRejection(promise, after);
  await Promise.resolve();
  for (const heard of [before, after]) expect(heard.mock.calls).toEqual([[new Error("gone")]]);
});

test("whoever has stopped hears nothing", async () => {
  const { promise, reject } = Promise.withResolvers<never>();
  const heard = vi.fn();
  onRejection(promise, heard)();
  reject(new Error("gone"));
  await expect(promise).rejects.toThrow("gone");
  await Promise.resolve();
  expect(heard).not.toHaveBeenCalled();
});

test("nothing is kept of whoever has stopped, though the promise goes on", async () => {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  const { promise } = Promise.withResolvers<never>();
  const stopped = new WeakRef(listener());
  onRejection(promise, stopped.deref()!)();
  const kept = new WeakRef(listener());
  onRejection(promise, kept.deref()!);
  await vi.waitUntil(() => {
    collect();
    return stopped.deref() === undefined;
  });
  expect(kept.deref()).toBeDefined();
  expect(promise).toBeInstanceOf(Promise);
});

const listener = () => vi.fn();
