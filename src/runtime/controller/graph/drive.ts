/**
 * One activation of an async function of the author is one native async function: its only awaits are the program's own, and what it returns is
 * returned, so that its ticks, the adoption of a returned promise among them, are the language's.
 */
import type { Completion } from "./code.ts";
import { type Context, current } from "./context.ts";
import { ascend, descend } from "./stack.ts";

type Activation = Generator<unknown, Completion, unknown>;

/** Runs an activation in its context. `begin` is called at once: it may throw, as a parameter's default may. `frame`: see `stack.ts`. */
export async function drive(begin: () => Activation, context: Context, frame: number): Promise<unknown> {
  let inside: Context | undefined = context;
  let activation: Activation | undefined;
  let sent: unknown;
  let failed = false;
  for (;;) {
    const outside = current.context;
    let result: IteratorResult<unknown, Completion>;
    descend(frame);
    current.context = inside;
    try {
      activation ??= begin();
      result = failed ? activation.throw(sent) : activation.next(sent);
      inside = current.context; // the turn of a loop, perhaps: it goes on there
    } finally {
      current.context = outside;
      ascend(frame);
    }
    if (result.done) return returned(result.value);
    try {
      sent = await result.value;
      failed = false;
    } catch (error) {
      sent = error;
      failed = true;
    }
  }
}

export const returned = (exit: Completion): unknown => (exit?.kind === "return" ? exit.value : undefined);
