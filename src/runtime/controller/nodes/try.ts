/** Try: errors caught, and what is done in any case; a `finally` that leaves by itself overrides what was under way. */
import type { TryNode } from "../../../model/node.ts";
import { declaredBy, pattern } from "../expressions/pattern.ts";
import {
  type Awaiting,
  type Code,
  type Compile,
  type Completion,
  compound,
  type Environment,
  type Kind,
} from "../graph/code.ts";
import { type Context, current } from "../graph/context.ts";
import { Fatal } from "../graph/fatal.ts";
import { isOverflow, OverflowError } from "../graph/stack.ts";

export const tryNode: Kind<TryNode> = {
  declares: (node, compile) => [
    ...compile.declared(node.nodes),
    ...(node.catch?.target ? declaredBy(node.catch.target, false) : []),
    ...compile.declared(node.catch?.nodes ?? []),
    ...compile.declared(node.finally ?? []),
  ],
  compile(node, environment, compile) {
    const guarded = catching(node, environment, compile);
    return node.finally ? ensuring(guarded, compile.region(node.finally, environment)) : guarded;
  },
};

function catching(node: TryNode, environment: Environment, compile: Compile): Code {
  const attempt = compile.region(node.nodes, environment);
  if (node.catch === undefined) return attempt;
  const { target, nodes } = node.catch;
  const bind = target && pattern(target, environment.names, compile, true).put;
  const handler = compile.region(nodes, environment);

  return compound(isAwaiting(attempt, handler), function* (scope) {
    const context = current.context;
    try {
      return attempt.kind === "plain" ? attempt.run(scope) : yield* attempt.run(scope);
    } catch (error) {
      letThrough(error, context);
      current.context = context; // it may have been thrown in the turn of a loop
      if (bind) bind(scope, error);
    }
    return handler.kind === "plain" ? handler.run(scope) : yield* handler.run(scope);
  });
}

function ensuring(guarded: Code, last: Code): Code {
  const run: Awaiting = function* (scope) {
    const context = current.context;
    let thrown: { error: unknown } | undefined;
    let exit: Completion;
    try {
      exit = guarded.kind === "plain" ? guarded.run(scope) : yield* guarded.run(scope);
    } catch (error) {
      letThrough(error, context);
      current.context = context;
      thrown = { error };
    }
    const overriding = last.kind === "plain" ? last.run(scope) : yield* last.run(scope);
    if (overriding !== undefined) return overriding;
    if (thrown) throw thrown.error;
    return exit;
  };
  return compound(isAwaiting(guarded, last), run);
}

/** What the body must neither see nor catch. */
function letThrough(error: unknown, context: Context | undefined): void {
  if (error instanceof Fatal) throw error;
  if (isOverflow(error)) context?.run.end(new OverflowError());
}

const isAwaiting = (...codes: Code[]) => codes.some((code) => code.kind === "awaiting");
