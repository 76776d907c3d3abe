/** Ways out, where they arrive. */
import { PipelineError } from "../../../model/pipeline.ts";
import type { Completion, Environment, Exit, Target } from "./code.ts";

/** What is left of a way out behind the target that it may have been for. */
export const leave = (exit: Exit, target: Target): Completion =>
  exit.kind === "break" && exit.target === target ? undefined : exit;

export const isContinue = (exit: Exit, target: Target): boolean => exit.kind === "continue" && exit.target === target;

/** What a `break` or `continue` is for; known when the graph is loaded. Throws a PipelineError where there is nothing. */
export function targetOf(kind: "break" | "continue", label: string | undefined, { targets }: Environment): Target {
  const fits = (target: Target) => (kind === "continue" ? target.loop : label !== undefined || target.unlabelled);
  const target = targets.findLast((each) => fits(each) && (label === undefined || each.label === label));
  if (target === undefined)
    throw new PipelineError(`the graph has a ${kind}${label ? ` "${label}"` : ""} with nothing around it to ${kind}`);
  return target;
}
