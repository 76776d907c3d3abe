/** A graph in data order: plain dataflow, each node an Observable joined from what it reads. */
import { catchError, EMPTY, lastValueFrom, type Observable } from "rxjs";
import type { Closure } from "../../../model/node.ts";
import { parameters } from "../expressions/parameters.ts";
import type { Compile } from "../graph/code.ts";
import type { Context } from "../graph/context.ts";
import { Names } from "../graph/scope.ts";
import { type Frame, here$, Skipped, type Weave, within } from "./flow.ts";
import { kindOf } from "./kinds.ts";
import { region } from "./region.ts";

/**
 * What starts it: the promise settles with the result when every node has ended, or with the first failure of one. Where the run goes on after it
 * (`Run.goesOn`), the promise rejects with it when every node has ended that does not depend on one that failed.
 */
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
    const frame: Frame = { scope, context, there$: () => here$ };
    const failures: unknown[] = [];
    const failed = (error: unknown) => failures.push(error);
    const result$ = body(context.run.goesOn ? { ...frame, failed } : frame);
    const result = await lastValueFrom(result$.pipe(catchError(ifSkipped)), { defaultValue: undefined });
    if (failures.length > 0) throw failures[0];
    return result;
  };
}

/** The result is not there, as what it reads failed or was skipped. */
function ifSkipped(error: unknown): Observable<never> {
  if (error instanceof Skipped) return EMPTY;
  throw error;
}
