import { callInterceptor, pipelineContext, stepContext } from "../model/context.ts";
import { errorOf, failureOf } from "../model/failure.ts";
import type { Point } from "../model/handle.ts";
import { maxNesting, nestingError } from "../model/nesting.ts";
import { copy } from "../model/value.ts";
import type { Declaration } from "./declaration.ts";
import { standIn } from "./stand-in.ts";

/** Who holds a handle to the call: aborts it, and hears of what it reports and of its end. */
export type Holder = {
  /** Its reason is the error that the call rejects with. */
  signal: AbortSignal;
  scalar(title: string, series: string, point: Point): void;
  ended(): void;
};

/**
 * A call outside a run, or by a step: the author's function runs here and now, once, on a copy of the input, and
 * gives a copy of what it returns, as a run would. Rejects with the error that the function throws, itself; with a ValueError
 * where input or output cannot be passed.
 */
export function plainCall(
  { kind, name = "unnamed", run }: Declaration,
  input: unknown,
  holder?: Holder,
): Promise<unknown> {
  const taken = kind === "pipeline" ? "params" : "input";
  const given = kind === "pipeline" ? "result" : "output";
  const onCopies = async (received: unknown) => {
    let returned: unknown;
    try {
      returned = await (run as (input: unknown) => unknown)(received);
    } catch (thrown) {
      // What is no error becomes one, as on its way through a run.
      throw thrown instanceof Error ? thrown : errorOf(failureOf(thrown));
    }
    return copy(returned, `the ${given} of ${kind} "${name}"`);
  };
  const whole = holder ? (received: unknown) => held(onCopies(received), holder) : onCopies;
  let received: unknown;
  try {
    // At the call, before anything else can change it.
    received = copy(input, `the ${taken} of ${kind} "${name}"`);
  } catch (error) {
    return Promise.reject(error);
  }
  return kind === "pipeline" ? callPipeline(name, whole, received) : callStep(name, whole, received, holder);
}

/**
 * Within another step it belongs to that step's task: same context, and no interceptor hears of it. The caller gets the
 * interceptor's own promise: one around it would settle some ticks later, and a body could go on in another order.
 */
function callStep(
  name: string,
  whole: (input: unknown) => Promise<unknown>,
  input: unknown,
  holder?: Holder,
): Promise<unknown> {
  if (stepContext.getStore()) return whole(input);
  const run = (received: unknown) => stepContext.run(standIn(name, holder), whole, received);
  const interceptor = callInterceptor.getStore();
  return interceptor ? interceptor.call(name, input, run, holder?.signal) : run(input);
}

/** One that a pipeline calls is a task too, and ends as one; the outermost is whatever its caller makes of it. */
function callPipeline(name: string, whole: (params: unknown) => Promise<unknown>, params: unknown): Promise<unknown> {
  if (stepContext.getStore()) return whole(params);
  const around = pipelineContext.getStore() ?? [];
  if (around.length === maxNesting) return Promise.reject(nestingError([...around, name]));
  const run = (received: unknown) => pipelineContext.run([...around, name], whole, received);
  const interceptor = callInterceptor.getStore();
  return around.length > 0 && interceptor?.pipeline ? interceptor.pipeline(name, params, run) : run(params);
}

/** An aborted call rejects at once, whether or not the step looks at its signal. */
function held(call: Promise<unknown>, { signal, ended }: Holder): Promise<unknown> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    call.finally(ended).then(resolve, reject);
  });
}
