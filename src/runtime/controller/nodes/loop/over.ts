/** `for…of` and `for…in`: the language's own loops, so that iterators are stepped and closed as they are there. */
import type { LoopNode } from "../../../../model/node.ts";
import { PipelineError } from "../../../../model/pipeline.ts";
import { burn } from "../../bounds/burn.ts";
import { lengthOf } from "../../bounds/size.ts";
import { declaredBy, pattern } from "../../expressions/pattern.ts";
import { type Compile, compound, type Environment, type Step } from "../../graph/code.ts";
import { current, here } from "../../graph/context.ts";
import { isContinue, leave } from "../../graph/exits.ts";
import { turnsOf } from "./turns.ts";

export function over(node: LoopNode, environment: Environment, compile: Compile): Step {
  const { id, form } = node;
  const head = headOf(node);
  const { target, burned, inside, open } = turnsOf(
    node,
    head.declare ? declaredBy(head.target, head.declare === "const") : [],
    environment,
    compile,
  );
  const value = compile.expression(head.value, inside.names);
  const { put } = pattern(head.target, inside.names, compile, head.declare !== undefined);
  const body = compile.region(node.nodes, inside);

  return compound(body.kind === "awaiting", function* (outer) {
    const context = here();
    context.claim(id);
    const items = value(open(outer)); // what the head declares exists already, unset
    let n = 0;
    for (const item of form === "of" ? (items as Iterable<unknown>) : keysOf(items)) {
      n += 1;
      current.context = context.turn(id, n, burned);
      const scope = open(outer);
      put(scope, item);
      const exit = body.kind === "plain" ? body.run(scope) : yield* body.run(scope);
      current.context = context;
      if (exit !== undefined && !isContinue(exit, target)) return leave(exit, target);
    }
    return undefined;
  });
}

export function headOf({ id, over: head }: LoopNode): NonNullable<LoopNode["over"]> {
  if (head === undefined) throw new PipelineError(`the loop "${id}" says nothing to loop over`);
  return head;
}

/** A key that is deleted before its turn gets none. */
function* keysOf(of: unknown): Generator<string> {
  burn(lengthOf(of));
  for (const key in of as object) yield key;
}
