/** A graph in data order: plain dataflow, each node an Observable joined from what it reads. */
import { lastValueFrom } from "rxjs";
import type { Closure } from "../../../model/node.ts";
import { parameters } from "../expressions/parameters.ts";
import type { Compile } from "../graph/code.ts";
import type { Context } from "../graph/context.ts";
import { Names } from "../graph/scope.ts";
import { here$, type Weave, within } from "./flow.ts";
import { kindOf } from "./kinds.ts";
import { region } from "./region.ts";

/** What starts it: the promise settles with the result when every node has ended, or with the first failure of one. */
export function dataflow(
  definition: Closure,
  compile: Compile,
): (params: unknown, context: Context) => Promise<unknown> {
  const { declared, bind } = parameters(definition, compile);
  const names = new Names(undefined, declared);
  const bound = bind(names);
  const weave: Weave = { compile, region: (nodes, environment) => region(nodes, environment, weave, kindOf) };
  const body = weave.region(definition.nodes, { names, known: new Set(declared.map(({ name }) => name)) });
  return async (params, context) => {
    const scope = names.open(undefined);
    within(context, () => bound(scope, [params]));
    return lastValueFrom(body({ scope, context, there$: () => here$ }), { defaultValue: undefined });
  };
}
