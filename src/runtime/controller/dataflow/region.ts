/** A region in data order: every node starts as soon as what it reads is there. */
import { AsyncSubject, defer, forkJoin, ignoreElements, merge, mergeMap, observeOn, queueScheduler, tap } from "rxjs";
import type { Node } from "../../../model/node.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import { initialize } from "../expressions/variable.ts";
import { Names } from "../graph/scope.ts";
import { alsoKnown, type Environment, type Flow, type Frame, here$, type Kind, type Weave } from "./flow.ts";

/** Emits what the region's `return` gives. A node that fails fails the region at once. */
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
        there$: (variable) => given.get(variable) ?? outside.there$(variable),
      };
      return merge(...steps.map((step) => step(frame, given)));
    });
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
  const keep = into === undefined ? undefined : initialize(into, environment.names);
  return (frame, given) => {
    // In a queue of its own: a long chain of nodes that wait for nothing else needs no deep stack.
    const ready$ = (reads.length === 0 ? here$ : forkJoin(reads.map(frame.there$))).pipe(observeOn(queueScheduler));
    const worth$ = ready$.pipe(mergeMap(() => flow(frame)));
    if (keep === undefined || into === undefined) return worth$;
    return worth$.pipe(
      tap((value) => {
        keep(frame.scope, value);
        given.get(into)?.next();
        given.get(into)?.complete();
      }),
      ignoreElements(),
    );
  };
}

const variableOf = (node: Node): string[] => ("into" in node && node.into !== undefined ? [node.into] : []);
