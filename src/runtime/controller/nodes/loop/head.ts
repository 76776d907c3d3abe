/** The head of a loop over something, `for (const row of rows)`, and the body under it: what `for…of`, `for…in` and `for await` share. */
import type { LoopNode } from "../../../../model/node.ts";
import { PipelineError } from "../../../../model/pipeline.ts";
import { declaredBy, pattern } from "../../expressions/pattern.ts";
import type { Code, Compile, Environment } from "../../graph/code.ts";
import type { Scope } from "../../graph/scope.ts";
import { type Turns, turnsOf } from "./turns.ts";

export type Headed = Turns & {
  /** What is looped over. */
  value: (scope: Scope) => unknown;
  /** Gives a turn its item. */
  put: (scope: Scope, item: unknown) => void;
  body: Code;
};

export function headed(node: LoopNode, environment: Environment, compile: Compile): Headed {
  const { id, nodes, over: head } = node;
  if (head === undefined) throw new PipelineError(`the loop "${id}" says nothing to loop over`);
  const { declare, target } = head;
  const turns = turnsOf(node, declare ? declaredBy(target, declare === "const") : [], environment, compile);
  const { names } = turns.inside;
  const { put } = pattern(target, names, compile, declare !== undefined);
  return { ...turns, value: compile.expression(head.value, names), put, body: compile.region(nodes, turns.inside) };
}
