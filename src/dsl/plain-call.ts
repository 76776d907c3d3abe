import { callInterceptor, stepContext } from "../model/context.ts";
import { copy } from "../model/value.ts";
import type { Declaration } from "./declaration.ts";
import { standIn } from "./stand-in.ts";

/**
 * A call outside a run, or by a step: the author's function runs here and now, once, on a copy of the input, and
 * gives a copy of what it returns, as a run would. Rejects with what the function throws, itself; with a ValueError
 * where input or output cannot be passed.
 */
export function plainCall({ kind, name = "unnamed", run }: Declaration, input: unknown): Promise<unknown> {
  const taken = kind === "step" ? "input" : "params";
  const given = kind === "step" ? "output" : "result";
  const onCopies = async (received: unknown) =>
    copy(await (run as (input: unknown) => unknown)(received), `the ${given} of ${kind} "${name}"`);
  let received: unknown;
  try {
    // At the call, before anything else can change it.
    received = copy(input, `the ${taken} of ${kind} "${name}"`);
  } catch (error) {
    return Promise.reject(error);
  }
  return kind === "step" ? callStep(name, onCopies, received) : onCopies(received);
}

/**
 * Within another step it belongs to that step's task: same context, and no interceptor hears of it. The caller gets the
 * interceptor's own promise: one around it would settle some ticks later, and a body could go on in another order.
 */
function callStep(name: string, onCopies: (input: unknown) => Promise<unknown>, input: unknown): Promise<unknown> {
  if (stepContext.getStore()) return onCopies(input);
  const run = (received: unknown) => stepContext.run(standIn(name), onCopies, received);
  const interceptor = callInterceptor.getStore();
  return interceptor ? interceptor.call(name, input, run) : run(input);
}
