/** `while`, `do` and `for`. */
import type { LoopNode } from "../../../../model/node.ts";
import { Decision } from "../../explain/decision.ts";
import { trace } from "../../explain/trace.ts";
import type { Code, Compile, Environment, Step } from "../../graph/code.ts";
import { compound } from "../../graph/code.ts";
import { current, here } from "../../graph/context.ts";
import { isContinue, leave } from "../../graph/exits.ts";
import type { Scope } from "../../graph/scope.ts";
import { turnsOf } from "./turns.ts";

export function tested(node: LoopNode, environment: Environment, compile: Compile): Step {
  const { id, form } = node;
  const kept = compile.declared(node.init ?? []);
  const ownNames = [...kept, ...compile.declared(node.test?.nodes ?? []), ...compile.declared(node.update ?? [])];
  const { target, burned, inside, open } = turnsOf(node, ownNames, environment, compile);
  const alone = { ...inside, targets: [] };
  const init = compile.region(node.init ?? [], alone);
  const before = compile.region(node.test?.nodes ?? [], alone);
  const isHeld = testOf(node, inside, compile);
  const update = compile.region(node.update ?? [], alone);
  const body = compile.region(node.nodes, inside);

  /** Each turn has the variables of `init` anew, with the values of the turn before. */
  function next(previous: Scope, outer: Scope): Scope {
    const scope = open(outer);
    for (let slot = 1; slot <= kept.length; slot += 1) scope[slot] = previous[slot];
    return scope;
  }

  return compound([init, before, update, body].some(isAwaiting), function* (outer) {
    const context = here();
    context.claim(id);
    let scope = open(outer);
    if (init.kind === "plain") init.run(scope);
    else yield* init.run(scope);

    for (let n = 1; ; n += 1) {
      scope = next(scope, outer);
      if (n > 1) {
        if (update.kind === "plain") update.run(scope);
        else yield* update.run(scope);
      }
      current.context = context.turn(id, n, burned);
      if (form !== "do") {
        if (before.kind === "plain") before.run(scope);
        else yield* before.run(scope);
        if (!isHeld(scope)) break;
      }
      const exit = body.kind === "plain" ? body.run(scope) : yield* body.run(scope);
      if (exit !== undefined && !isContinue(exit, target)) {
        current.context = context;
        return leave(exit, target);
      }
      if (form === "do") {
        if (before.kind === "plain") before.run(scope);
        else yield* before.run(scope);
        if (!isHeld(scope)) break;
      }
    }
    current.context = context;
    return undefined;
  });
}

/** Where there is nothing to decide, nothing is told. */
export function testOf(
  node: LoopNode,
  { names, told }: Pick<Environment, "names" | "told">,
  compile: Compile,
): (scope: Scope) => boolean {
  const value = node.test?.value ?? true;
  const plain = compile.expression(value, names);
  if (!told || typeof value !== "object" || value === null) return (scope) => Boolean(plain(scope));
  const traced = trace(value, names, compile);
  return (scope) => {
    const turn = here();
    const { host } = turn.run;
    if (host.decide === undefined) return Boolean(plain(scope));
    const weighed = traced(scope);
    const held = Boolean(weighed.value);
    host.decide(new Decision(turn, node, held ? 1 : -1, [weighed]));
    return held;
  };
}

const isAwaiting = (code: Code) => code.kind === "awaiting";
