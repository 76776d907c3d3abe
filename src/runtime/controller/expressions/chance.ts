/** Chance and time: what they give is recorded by the host, so that a resumed run sees the same. */
import { here } from "../graph/context.ts";

export function chance(name: "Date.now" | "Math.random"): number {
  const context = here();
  const value = context.run.host.chance?.(context.path, name);
  if (value === undefined) throw new TypeError(`${name} is not available in a pipeline's body yet: use it in a step`);
  return value;
}
