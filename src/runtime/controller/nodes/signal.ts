/** Signal: begins to wait for what somebody sends. */
import type { SignalNode } from "../../../model/node.ts";
import type { Compile, Kind } from "../graph/code.ts";
import { here } from "../graph/context.ts";
import type { Names, Scope } from "../graph/scope.ts";
import { wait } from "./wait.ts";

export const signal: Kind<SignalNode> = wait(signalOf);

/** Begins the wait, in the context that runs now. */
export function signalOf(
  { id, name, options }: SignalNode,
  names: Names,
  compile: Compile,
): (scope: Scope) => Promise<unknown> {
  const nameOf = compile.expression(name, names);
  const optionsOf = options === undefined ? () => undefined : compile.expression(options, names);
  return (scope) => {
    const given = nameOf(scope);
    const how = optionsOf(scope);
    const context = here();
    context.claim(id);
    const { host } = context.run;
    if (!host.signal) throw new TypeError("there are no signals here");
    return host.signal(context.pathOf(id), given, how);
  };
}
