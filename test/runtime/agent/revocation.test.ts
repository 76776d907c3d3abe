import { expect, it, vi } from "vitest";
import { Revocation, signalOf } from "../../../src/runtime/agent/revocation.ts";

it("tells each of those who listen once, and nobody who has stopped", () => {
  const revocation = new Revocation();
  const [heard, stopped] = [vi.fn(), vi.fn()];
  revocation.addEventListener("abort", heard);
  revocation.addEventListener("abort", stopped);
  revocation.removeEventListener("abort", stopped);
  expect(revocation.aborted).toBe(false);
  revocation.abort("why");
  revocation.abort("again");
  expect(revocation).toMatchObject({ aborted: true, reason: "why" });
  expect(heard).toHaveBeenCalledOnce();
  expect(stopped).not.toHaveBeenCalled();
});

it("is a signal for whoever takes nothing else, also when it was revoked before", () => {
  const revocation = new Revocation();
  const early = signalOf(revocation);
  expect(early.aborted).toBe(false);
  revocation.abort("why");
  for (const signal of [early, signalOf(revocation)]) expect(signal).toMatchObject({ aborted: true, reason: "why" });
  const { signal } = new AbortController();
  expect(signalOf(signal)).toBe(signal);
});
