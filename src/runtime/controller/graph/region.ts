/** Regions: nodes in program order. One that awaits nothing becomes a plain function. */
import type { Node } from "../../../model/node.ts";
import type { Awaiting, Code, Compile, Environment, Run, Step } from "./code.ts";

export function region(
  nodes: readonly Node[],
  environment: Environment,
  compile: Compile,
  node: (node: Node, environment: Environment, compile: Compile) => Step,
): Code {
  const steps = hoist(nodes.map((each) => node(each, environment, compile)));
  const plain = steps.filter((step) => step.kind === "plain");
  return plain.length === steps.length
    ? { kind: "plain", run: inTurn(plain.map((step) => step.run)) }
    : { kind: "awaiting", run: awaiting(steps) };
}

type Placed = Exclude<Step, { kind: "hoisted" }>;

/** Local functions exist from the start of their region. */
function hoist(steps: Step[]): Placed[] {
  const hoisted = steps.filter((step) => step.kind === "hoisted");
  return [
    ...hoisted.map(({ run }): Placed => ({ kind: "plain", run })),
    ...steps.filter((step) => step.kind !== "hoisted"),
  ];
}

function inTurn(runs: Run[]): Run {
  const [only] = runs;
  if (runs.length === 1 && only) return only;
  return (scope) => {
    for (let i = 0; i < runs.length; i += 1) {
      const exit = (runs[i] as Run)(scope);
      if (exit !== undefined) return exit;
    }
    return undefined;
  };
}

function awaiting(steps: Placed[]): Awaiting {
  return function* (scope) {
    for (let i = 0; i < steps.length; i += 1) {
      const step = steps[i] as Placed;
      if (step.kind === "await") step.receive(scope, yield step.value(scope));
      else {
        const exit = step.kind === "plain" ? step.run(scope) : yield* step.run(scope);
        if (exit !== undefined) return exit;
      }
    }
    return undefined;
  };
}
