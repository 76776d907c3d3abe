import type { Options } from "../model/options.ts";
import type { AuthorFunction } from "./author-function.ts";
import { declarationOf } from "./declaration.ts";
import { declare } from "./declare.ts";

/**
 * The same step or pipeline with other options, for one call. Options that are not given stay as they were declared. Throws a TypeError where `fn`
 * is neither step nor pipeline.
 *
 * @example
 * const best = await withOptions(fit, { queue: "gpu", retry: 1 })({ rows });
 */
export function withOptions<F extends AuthorFunction>(fn: F, options: Options): F {
  const declaration = declarationOf(fn);
  if (declaration === undefined)
    throw new TypeError("withOptions(…) takes a step or a pipeline: make the function a step first, by step(async …)");
  const { kind, run, place, method } = declaration;
  const all = { ...declaration.options, ...options };
  return declare({ kind, run, place, options: all, ...(method && { method }) }) as AuthorFunction as F;
}
