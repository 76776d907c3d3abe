/** Branch: `if`, whose cases are tried in order; with `on`, a `switch`, whose cases run on into the next. */
import type { Expression } from "../../../model/expression.ts";
import type { BranchNode, Node } from "../../../model/node.ts";
import { Decision } from "../explain/decision.ts";
import { trace, type Weighed } from "../explain/trace.ts";
import {
  type Code,
  type Compile,
  compound,
  type Environment,
  type Kind,
  type Step,
  type Target,
} from "../graph/code.ts";
import { here } from "../graph/context.ts";
import { leave } from "../graph/exits.ts";
import type { Scope } from "../graph/scope.ts";

export const branch: Kind<BranchNode> = {
  declares: (node, compile) => bodies(node).flatMap((nodes) => compile.declared(nodes)),
  compile: (node, environment, compile) =>
    node.on === undefined ? choice(node, environment, compile) : fallThrough(node, node.on, environment, compile),
};

function choice(node: BranchNode, environment: Environment, compile: Compile): Step {
  const choose = choiceOf(node, environment, compile);
  const cases = node.cases.map(({ nodes }) => compile.region(nodes, environment));
  const otherwise = compile.region(node.otherwise?.nodes ?? [], environment);

  return compound([...cases, otherwise].some(isAwaiting), function* (scope) {
    const code = cases[choose(scope)] ?? otherwise;
    return code.kind === "plain" ? code.run(scope) : yield* code.run(scope);
  });
}

function fallThrough(node: BranchNode, on: Expression, environment: Environment, compile: Compile): Step {
  const target: Target = { label: node.id, loop: false, unlabelled: true };
  const inside = { ...environment, targets: [...environment.targets, target] };
  const choose = switchOf(node, on, environment, compile);
  const codes = bodies(node).map((nodes) => compile.region(nodes, inside));

  return compound(codes.some(isAwaiting), function* (scope) {
    for (let i = entry(node, choose(scope)); i < codes.length; i += 1) {
      const code = codes[i] as Code;
      const exit = code.kind === "plain" ? code.run(scope) : yield* code.run(scope);
      if (exit !== undefined) return leave(exit, target);
    }
    return undefined;
  });
}

/** The bodies in the order in which they run on into each other: a default stands among the cases. */
function bodies({ cases, otherwise }: BranchNode): Node[][] {
  const nodes = cases.map((each) => each.nodes);
  return otherwise ? nodes.toSpliced(otherwise.at ?? nodes.length, 0, otherwise.nodes) : nodes;
}

/** The first of the bodies to run, for the case that was taken; -1 is none. */
function entry({ cases, otherwise }: BranchNode, taken: number): number {
  const defaultAt = otherwise?.at ?? cases.length;
  if (taken === -1) return defaultAt;
  return otherwise && taken >= defaultAt ? taken + 1 : taken;
}

/** Gives the index of the case that is taken, or -1. */
type Choose = (scope: Scope) => number;

export function choiceOf(
  node: BranchNode,
  { names, told }: Pick<Environment, "names" | "told">,
  compile: Compile,
): Choose {
  const tests = node.cases.map(({ when }) => compile.expression(when, names));
  const choose: Choose = (scope) => tests.findIndex((test) => test(scope));
  if (!told) return choose;
  const traces = node.cases.map(({ when }) => trace(when, names, compile));
  return telling(node, choose, (scope, weighed) =>
    traces.findIndex((traced) => {
      const test = traced(scope);
      weighed.push(test);
      return test.value;
    }),
  );
}

function switchOf(node: BranchNode, on: Expression, { names, told }: Environment, compile: Compile): Choose {
  const value = compile.expression(on, names);
  const tests = node.cases.map(({ when }) => compile.expression(when, names));
  const choose = (scope: Scope, given: unknown) => tests.findIndex((test) => test(scope) === given);
  if (!told) return (scope) => choose(scope, value(scope));
  const traced = trace(on, names, compile);
  return telling(
    node,
    (scope) => choose(scope, value(scope)),
    (scope, weighed) => {
      const given = traced(scope);
      weighed.push(given);
      return choose(scope, given.value);
    },
  );
}

/** What is weighed is remembered only where the host hears of it. */
function telling(node: BranchNode, plain: Choose, weighing: (scope: Scope, weighed: Weighed[]) => number): Choose {
  return (scope) => {
    const context = here();
    const { host } = context.run;
    if (host.decide === undefined) return plain(scope);
    const weighed: Weighed[] = [];
    const taken = weighing(scope, weighed);
    host.decide(new Decision(context, node, taken, weighed));
    return taken;
  };
}

const isAwaiting = (code: Code) => code.kind === "awaiting";
