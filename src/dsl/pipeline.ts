import type { Options } from "../model/options.ts";
import type { AuthorFunction, Checked } from "./author-function.ts";
import { declare } from "./declare.ts";
import { chain, type OptionMethods } from "./options.ts";

export interface PipelineChain extends OptionMethods<PipelineChain> {
  <F>(body: F & Checked<F, "pipeline">): F;
  <F>(nameOrOptions: string | Options, body: F & Checked<F, "pipeline">): F;
}

/**
 * Declares a pipeline. `body`, an async function of one object (the params) or of nothing, calls steps as its own logic
 * asks for; it is compiled to a graph, never replayed. What comes back has the same type; called outside a run, it
 * simply runs.
 *
 *     export default pipeline("rerun until good", async ({ target = 0.95 }: { target?: number }) => { … });
 *
 * The first argument is the name, or options. Options can be chained: `pipeline.timeLimit("1h")("nightly", async …)`.
 */
export const pipeline: PipelineChain = chain<PipelineChain>((options, args, place) => {
  const [given, body] = args.length === 1 ? [{}, args[0]] : args;
  if (typeof body !== "function")
    throw new TypeError(
      'pipeline(…) takes a name or options, then an async function: pipeline("nightly", async () => …)',
    );
  const own = typeof given === "string" ? { name: given } : (given as Options);
  return declare({ kind: "pipeline", options: { ...options, ...own }, run: body as AuthorFunction, place });
});
