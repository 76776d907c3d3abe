/** Call: starts a step, or enters a local function. Nothing waits here. */
import { handleOf } from "../../../model/handle.ts";
import type { CallNode } from "../../../model/node.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import { printExpression } from "../../../model/print-expression.ts";
import { invoke } from "../expressions/apply.ts";
import { argumentList } from "../expressions/arguments.ts";
import { initialize } from "../expressions/variable.ts";
import type { Compile, Environment, Kind, Step } from "../graph/code.ts";
import { here } from "../graph/context.ts";
import type { Host } from "../graph/host.ts";

export const call: Kind<CallNode> = {
  declares: (node) => [{ name: node.into, constant: true }],
  compile: (node, environment, compile) =>
    node.fn === undefined ? start(node, environment, compile) : enter(node, environment, compile),
};

/** The host gets the first argument, as it is; copying it is the host's matter. */
function start(node: CallNode, { names }: Environment, compile: Compile): Step {
  if (node.template === undefined)
    throw new PipelineError(`the call "${node.id}" names neither a template nor a function`);
  const args = argumentList(node.args, names, compile);
  const keep = initialize(node.into, names);
  return {
    kind: "plain",
    run(scope) {
      const [input] = args(scope);
      const context = here();
      context.claim(node.id);
      const path = context.pathOf(node.id);
      const { host } = context.run;
      keep(scope, given(host.call(path, node, input), path, node, host));
      return undefined;
    },
  };
}

/** What the body gets of a started step. */
export function given(result: Promise<unknown>, path: string, { as }: CallNode, host: Host): unknown {
  if (as === undefined) return result;
  if (as === "handle")
    return handleOf(result, {
      abort: (reason) => host.abort?.(path, reason),
      metric: (...watched) => host.metric?.(path, ...watched) ?? Promise.resolve(undefined),
    });
  result.catch(() => {});
  return undefined;
}

function enter(node: CallNode, { names }: Environment, compile: Compile): Step {
  const callee = node.fn ?? null;
  const fn = compile.expression(callee, names);
  const args = argumentList(node.args, names, compile);
  const keep = initialize(node.into, names);
  const text = () => printExpression(callee);
  return {
    kind: "plain",
    run(scope) {
      const value = fn(scope);
      keep(scope, invoke(value, undefined, args(scope), text));
      return undefined;
    },
  };
}
