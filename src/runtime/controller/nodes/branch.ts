/** Branch: `if`, whose cases are tried in order; with `on`, a `switch`, whose cases run on into the next. */
import type { Expression } from "../../../model/expression.ts";
import type { BranchNode, Node } from "../../../model/node.ts";
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

export const branch: Kind<BranchNode> = {
  declares: (node, compile) => bodies(node).flatMap((nodes) => compile.declared(nodes)),
  compile: (node, environment, compile) =>
    node.on === undefined ? choice(node, environment, compile) : fallThrough(node, node.on, environment, compile),
};

function choice(node: BranchNode, environment: Environment, compile: Compile): Step {
  const tests = node.cases.map(({ when }) => compile.expression(when, environment.names));
  const cases = node.cases.map(({ nodes }) => compile.region(nodes, environment));
  const otherwise = compile.region(node.otherwise?.nodes ?? [], environment);

  return compound([...cases, otherwise].some(isAwaiting), function* (scope) {
    const taken = tests.findIndex((test) => test(scope));
    decided(node, taken);
    const code = cases[taken] ?? otherwise;
    return code.kind === "plain" ? code.run(scope) : yield* code.run(scope);
  });
}

function fallThrough(node: BranchNode, on: Expression, environment: Environment, compile: Compile): Step {
  const target: Target = { label: node.id, loop: false, unlabelled: true };
  const inside = { ...environment, targets: [...environment.targets, target] };
  const value = compile.expression(on, environment.names);
  const tests = node.cases.map(({ when }) => compile.expression(when, environment.names));
  const codes = bodies(node).map((nodes) => compile.region(nodes, inside));

  return compound(codes.some(isAwaiting), function* (scope) {
    const given = value(scope);
    const taken = tests.findIndex((test) => test(scope) === given);
    decided(node, taken);
    for (let i = entry(node, taken); i < codes.length; i += 1) {
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

function decided(node: BranchNode, taken: number): void {
  const context = here();
  context.run.host.decide?.(context.pathOf(node.id), node, taken);
}

const isAwaiting = (code: Code) => code.kind === "awaiting";
