/** Loop: a region again and again, each turn with what the one before it was worth. A turn begins when the one before it has ended. */
import { defaultIfEmpty, defer, EMPTY, expand, map, observeOn, of, queueScheduler, takeLast } from "rxjs";
import type { LoopNode } from "../../../model/node.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import { declaredBy, pattern } from "../expressions/pattern.ts";
import { initialize } from "../expressions/variable.ts";
import { Names } from "../graph/scope.ts";
import { weight } from "../graph/weight.ts";
import { testOf } from "../nodes/loop/tested.ts";
import { alsoKnown, type Frame, type Kind, turnFrame, within } from "./flow.ts";

/** `done`: turns that have ended. */
type Turns = { state: unknown; done: number };

export const loop: Kind<LoopNode> = (node, environment, { compile, region }) => {
  const { id, form, state, test } = node;
  if (form !== "while" || state === undefined || test === undefined || test.nodes.length > 0)
    throw new PipelineError(`the loop "${id}" has no state and test of its own, as a loop in data order has`);
  const declared = [...declaredBy(state.target, true), { name: state.count, constant: true }];
  const own = new Set(declared.map(({ name }) => name));
  const names = new Names(environment.names, declared);
  const first = compile.expression(state.value, environment.names);
  const bind = pattern(state.target, names, compile, true).put;
  const count = initialize(state.count, names);
  const goesOn = testOf(node, { names, told: true }, compile);
  const body = region(node.nodes, { names, known: alsoKnown(environment.known, own) });
  const burned = weight(node);

  /** The next turn, where there is one. */
  function next(around: Frame, { state: given, done }: Turns): Frame | undefined {
    const context = around.context.turn(id, done + 1, burned);
    const scope = names.open(around.scope);
    const isHeld = within(context, () => {
      bind(scope, given);
      count(scope, done);
      return goesOn(scope);
    });
    return isHeld ? turnFrame(around, own, { scope, context }) : undefined;
  }

  return (frame) =>
    defer(() => {
      frame.context.claim(id);
      const start: Turns = { state: within(frame.context, () => first(frame.scope)), done: 0 };
      const turn$ = (turns: Turns) =>
        defer(() => {
          const turn = next(frame, turns);
          if (turn === undefined) return EMPTY;
          const worth$ = body(turn).pipe(defaultIfEmpty(undefined));
          // In a queue of its own: turns that wait for nothing need no deep stack.
          const next$ = worth$.pipe(observeOn(queueScheduler));
          return next$.pipe(map((worth) => ({ state: worth, done: turns.done + 1 })));
        });
      return of(start).pipe(
        expand(turn$, 1),
        takeLast(1),
        map((turns) => turns.state),
      );
    });
};
