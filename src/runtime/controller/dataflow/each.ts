/** Each: a region for every item of an array, at once or so many at a time. It is worth the array of what they are worth. */
import { catchError, defaultIfEmpty, defer, EMPTY, from, map, mergeMap, reduce, tap } from "rxjs";
import type { EachNode } from "../../../model/node.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import { parameters } from "../expressions/parameters.ts";
import { Names } from "../graph/scope.ts";
import { weight } from "../graph/weight.ts";
import { alsoKnown, type Frame, type Kind, Skipped, turnFrame, within } from "./flow.ts";

export const each: Kind<EachNode> = (node, environment, { compile, region }) => {
  const { id, method } = node;
  if (method !== "map") throw new PipelineError(`the each "${id}" is a "${method}", and data order has only "map"`);
  const of = compile.expression(node.of, environment.names);
  const limit = compile.expression(node.concurrency ?? { kind: "global", name: "Infinity" }, environment.names);
  const { declared, bind } = parameters(node.function, compile);
  const own = new Set(declared.map(({ name }) => name));
  const names = new Names(environment.names, declared);
  const bound = bind(names);
  const body = region(node.function.nodes, { names, known: alsoKnown(environment.known, own) });
  const burned = weight(node.function);

  function turn(around: Frame, item: unknown, i: number): Frame {
    const context = around.context.turn(id, i + 1, burned);
    const scope = names.open(around.scope);
    within(context, () => bound(scope, [item, i]));
    return turnFrame(around, own, { scope, context });
  }

  return (frame) =>
    defer(() => {
      const { scope, context } = frame;
      context.claim(id);
      const [items, atOnce] = within(context, () => [of(scope), limit(scope)]);
      if (!Array.isArray(items)) throw new TypeError(`"${id}" goes through an array, and was given none`);
      if (typeof atOnce !== "number" || !(atOnce >= 1))
        throw new RangeError(`the concurrency of "${id}" is a number of 1 or more, and was ${String(atOnce)}`);
      let skipped: Skipped | undefined;
      const worth$ = (item: unknown, i: number) =>
        body(turn(frame, item, i)).pipe(
          defaultIfEmpty(undefined),
          map((value) => ({ i, value })),
          catchError((error: unknown) => {
            if (!(error instanceof Skipped)) throw error;
            skipped ??= error; // the other turns go on
            return EMPTY;
          }),
        );
      return from(items).pipe(
        mergeMap(worth$, atOnce),
        reduce<{ i: number; value: unknown }, unknown[]>((values, { i, value }) => {
          values[i] = value;
          return values;
        }, []),
        tap(() => {
          if (skipped) throw skipped;
        }),
      );
    });
};
