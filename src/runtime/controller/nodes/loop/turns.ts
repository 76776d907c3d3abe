/** What the forms of loops share: the environment of their turns. */
import type { LoopNode } from "../../../../model/node.ts";
import { starts } from "../../explain/told.ts";
import type { Compile, Environment, Target } from "../../graph/code.ts";
import { type Declared, Names, type Scope } from "../../graph/scope.ts";
import { weight } from "../../graph/weight.ts";

export type Turns = {
  /** What `break` and `continue` of this loop are for. */
  target: Target;
  /** What a turn burns. */
  burned: number;
  /** Around what belongs to a turn: its test, its body, its update. */
  inside: Environment;
  /** A scope for a turn, where it has names of its own, or the one around. */
  open(outer: Scope): Scope;
};

export function turnsOf(
  node: LoopNode,
  declared: readonly Declared[],
  environment: Environment,
  compile: Compile,
): Turns {
  const { label, nodes } = node;
  const target: Target = { label, loop: true, unlabelled: true };
  const names = Names.within(environment.names, [...declared, ...compile.declared(nodes)]);
  return {
    target,
    burned: weight(node),
    inside: { ...environment, names, targets: [...environment.targets, target], told: starts(node) },
    open: names === environment.names ? (outer) => outer : (outer) => names.open(outer),
  };
}
