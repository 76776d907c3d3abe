/** Chance and time: what they give is recorded by the host, so that a resumed run sees the same. */
import type { Chance, ChanceSource } from "../../../model/chance.ts";
import { here } from "../graph/context.ts";

export function chance(source: ChanceSource): Chance {
  const context = here();
  const value = context.run.host.chance?.(context.reading(source), source);
  if (value === undefined) throw new TypeError(`${source} is not available here`);
  return value;
}
