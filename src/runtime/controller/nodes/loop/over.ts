/** `for…of` and `for…in`: the language's own loops, so that iterators are stepped and closed as they are there. */
import type { LoopNode } from "../../../../model/node.ts";
import { burn } from "../../bounds/burn.ts";
import { lengthOf } from "../../bounds/size.ts";
import { type Compile, compound, type Environment, type Step } from "../../graph/code.ts";
import { current, here } from "../../graph/context.ts";
import { isContinue, leave } from "../../graph/exits.ts";
import { headed } from "./head.ts";

export function over(node: LoopNode, environment: Environment, compile: Compile): Step {
  const { id, form } = node;
  const { target, burned, open, value, put, body } = headed(node, environment, compile);

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

/** A key that is deleted before its turn gets none. */
function* keysOf(of: unknown): Generator<string> {
  burn(lengthOf(of));
  for (const key in of as object) yield key;
}
