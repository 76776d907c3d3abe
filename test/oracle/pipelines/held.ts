/** What is held on both sides, and released one at a time: ends of steps, and beginnings and ends of pipelines that were called. */
import { encode } from "../../../src/model/value.ts";
import type { Trace } from "../held.ts";
import type { Order } from "../order.ts";

export type Held = { label: string; release(): void | Promise<void> };

/** One side of the comparison. */
export interface Side {
  /** What is held, in the order in which it came; without what belongs to runs that have ended. */
  readonly held: Held[];
  /** Calls since the last time, in their order; without those of runs that have ended. */
  newCalls(): string[];
  /** How the outermost pipeline has ended, when it has. */
  end(): string | undefined;
  /** Waits until nothing moves any more. */
  settle(): Promise<void>;
}

/** More releases than any case needs. */
const limit = 200;

export async function trace(side: Side, order: Order, afterRelease = async () => {}): Promise<Trace> {
  const lines: Trace = [];
  await side.settle();
  for (let turn = 0; turn < limit; turn += 1) {
    const end = side.end();
    if (end !== undefined) return [...lines, end];
    lines.push(...side.newCalls());
    if (side.held.length === 0) return [...lines, "never settled"];
    const [next] = side.held.splice(order(side.held.length), 1);
    lines.push(`release ${next!.label}`);
    await next!.release();
    await side.settle();
    await afterRelease();
  }
  return [...lines, "never settled"];
}

export const labelOf = (name: string, input: unknown): string => `${name}(${encode(input)})`;

export const endOf = {
  returned: (value: unknown) => `return ${encode(value)}`,
  thrown: ({ name, message }: { name: string; message: string }) => `throw ${name}: ${message}`,
};
