/** A region in data order: every node starts as soon as what it reads is there. */
import {
  AsyncSubject,
  catchError,
  concat,
  defer,
  EMPTY,
  forkJoin,
  ignoreElements,
  merge,
  mergeMap,
  type Observable,
  observeOn,
  queueScheduler,
  tap,
  throwError,
} from "rxjs";
import type { Node } from "../../../model/node.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import { initialize } from "../expressions/variable.ts";
import { Names } from "../graph/scope.ts";
import { alsoKnown, type Environment, type Flow, type Frame, here$, type Kind, Skipped, type Weave } from "./flow.ts";

/**
 * Emits what the region's `return` gives. A node that fails fails the region at once; where the run goes on, or the node is skipped, it keeps those from
 * running that read it, and the region is skipped in the end if its `return` is one of them.
 */
export function region(
  nodes: readonly Node[],
  around: Environment,
  weave: Weave,
  kindOf: (node: Node) => Kind<Node>,
): Flow {
  const variables = nodes.flatMap(variableOf);
  const names = new Names(
    around.names,
    variables.map((name) => ({ name, constant: true })),
  );
  const given = new Set<string>();
  const known = alsoKnown(around.known, given);
  const steps = nodes.map((node) => {
    const step = placed(node, { names, known }, (environment) => kindOf(node)(node, environment, weave));
    for (const name of variableOf(node)) given.add(name);
    return step;
  });
  return (outside) =>
    defer(() => {
      const given = new Map(variables.map((name) => [name, new AsyncSubject<void>()]));
      const frame: Frame = {
        scope: names.open(outside.scope),
        context: outside.context,
        ...(outside.failed && { failed: outside.failed }),
        there$: (variable) => given.get(variable) ?? outside.there$(variable),
      };
      return toTheEnd(steps.map((step) => step(frame, given)));
    });
}

/** What was skipped is told when the rest has ended. */
function toTheEnd(nodes$: Observable<unknown>[]): Observable<unknown> {
  let skipped: Skipped | undefined;
  const goOn = catchError((error: unknown) => {
    if (!(error instanceof Skipped)) throw error;
    skipped ??= error;
    return EMPTY;
  });
  const told$ = defer(() => (skipped === undefined ? EMPTY : throwError(() => skipped)));
  return concat(merge(...nodes$.map((node$) => node$.pipe(goOn))), told$);
}

type Placed = (frame: Frame, given: ReadonlyMap<string, AsyncSubject<void>>) => ReturnType<Flow>;

/** Waits for what the node reads, and says that what it gives is there. */
function placed(node: Node, environment: Environment, flowIn: (environment: Environment) => Flow): Placed {
  const { id, reads = [] } = node;
  for (const name of reads)
    if (!environment.known.has(name))
      throw new PipelineError(`the node "${id}" reads "${name}", which nothing before it or around it gives`);
  const flow = flowIn(environment);
  const [into] = variableOf(node);
  /** People see what does not run. A region's `return` is nothing that runs. */
  const tell = (frame: Frame) => (error: unknown) => {
    if (error instanceof Skipped && into !== undefined) {
      const { context } = frame;
      context.run.host.skip?.(context.pathOf(id), error.message);
    }
  };
  const keep = into === undefined ? undefined : initialize(into, environment.names);
  return (frame, given) => {
    // In a queue of its own: a long chain of nodes that wait for nothing else needs no deep stack.
    const there$ = (reads.length === 0 ? here$ : forkJoin(reads.map(frame.there$))).pipe(tap({ error: tell(frame) }));
    const ready$ = there$.pipe(observeOn(queueScheduler));
    const worth$ = ready$.pipe(mergeMap(() => flow(frame)));
    const kept$ = keep === undefined ? worth$ : worth$.pipe(tap(give), ignoreElements());
    const { failed, context } = frame;
    return kept$.pipe(
      catchError((error: unknown) => {
        const isSkipped = error instanceof Skipped;
        if (!isSkipped && failed === undefined) throw error;
        if (!isSkipped) failed!(error);
        const skipped = isSkipped ? error : new Skipped(`${context.pathOf(id)} failed`);
        if (node.kind === "return") throw skipped;
        if (into === undefined) return EMPTY;
        given.get(into)?.error(skipped);
        return EMPTY;
      }),
    );

    function give(value: unknown): void {
      keep!(frame.scope, value);
      given.get(into!)?.next();
      given.get(into!)?.complete();
    }
  };
}

/** What the node is worth is kept there. */
function variableOf(node: Node): string[] {
  if (node.kind === "await") return node.target?.kind === "variable" ? [node.target.name] : [];
  return "into" in node && node.into !== undefined ? [node.into] : [];
}
