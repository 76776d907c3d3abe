/** Literals that JSON has no scalar for. */
import type { Expression } from "../../../model/expression.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import type { Evaluate } from "../graph/code.ts";

export function bigint({ digits }: Extract<Expression, { kind: "bigint" }>): Evaluate {
  const value = BigInt(digits);
  return () => value;
}

export function regexp({ source, flags }: Extract<Expression, { kind: "regexp" }>): Evaluate {
  try {
    new RegExp(source, flags);
  } catch (error) {
    throw new PipelineError(`the graph has a regular expression that is none: ${(error as Error).message}`);
  }
  return () => new RegExp(source, flags);
}
