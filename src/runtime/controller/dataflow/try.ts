/** Try: worth what its region is worth. Where that fails, or is skipped, worth what its `catch` is worth; without one, what reads it is skipped. */
import { catchError, defaultIfEmpty, defer, type Observable, takeLast, throwError } from "rxjs";
import type { TryNode } from "../../../model/node.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import { declaredBy, pattern } from "../expressions/pattern.ts";
import { Fatal } from "../graph/fatal.ts";
import { Names } from "../graph/scope.ts";
import { alsoKnown, type Environment, type Flow, type Kind, Skipped, turnFrame, type Weave, within } from "./flow.ts";

export const tryNode: Kind<TryNode> = (node, environment, weave) => {
  const { id, nodes, catch: handler } = node;
  if (node.finally !== undefined) throw new PipelineError(`the try "${id}" has a \`finally\`, as in program order`);
  const body = weave.region(nodes, environment);
  const caught = handler && catchOf(handler, environment, weave);
  return (frame) => {
    // Its failures are its own: the run neither ends with them, nor goes on to the end of what is in here.
    const { failed: _, ...own } = frame;
    return body(own).pipe(
      takeLast(1),
      defaultIfEmpty<unknown, undefined>(undefined),
      catchError((error: unknown): Observable<unknown> => {
        if (error instanceof Fatal) throw error;
        if (caught !== undefined) return caught(error)(frame).pipe(defaultIfEmpty(undefined));
        const path = frame.context.pathOf(id);
        return throwError(() => (error instanceof Skipped ? error : new Skipped(`${path} failed`)));
      }),
    );
  };
};

function catchOf(
  { target, nodes }: NonNullable<TryNode["catch"]>,
  environment: Environment,
  { compile, region }: Weave,
): (error: unknown) => Flow {
  const declared = target === undefined ? [] : [...declaredBy(target, true)];
  const own = new Set(declared.map(({ name }) => name));
  const names = new Names(environment.names, declared);
  const bind = target && pattern(target, names, compile, true).put;
  const body = region(nodes, { names, known: alsoKnown(environment.known, own) });
  return (error) => (frame) =>
    defer(() => {
      const scope = names.open(frame.scope);
      within(frame.context, () => bind?.(scope, forBody(error)));
      return body(turnFrame(frame, own, { scope, context: frame.context }));
    });
}

const forBody = (error: unknown): unknown =>
  error instanceof Skipped ? Object.assign(new Error(error.message), { name: "SkippedError" }) : error;
