/** Closures: what a local function is compiled to, and the real function that each evaluation of it makes. */
import type { Closure } from "../../../model/node.ts";
import { starts } from "../explain/told.ts";
import { parameters } from "../expressions/parameters.ts";
import type { Code, Compile } from "./code.ts";
import { type Context, current } from "./context.ts";
import { drive, returned } from "./drive.ts";
import { type Callable, own } from "./own.ts";
import { Names, type Scope } from "./scope.ts";
import { ascend, descend, frameOf } from "./stack.ts";

/** Makes the function, closed over a scope. `enter` gives the context of each activation, by its caller's. */
export type Make = (scope: Scope, enter: (caller: Context) => Context) => Callable;

/** `told`: are its decisions, where not only what it starts says so? */
export function closure(definition: Closure, outer: Names, compile: Compile, told = starts(definition)): Make {
  const { declared, bind, length } = parameters(definition, compile);
  const names = new Names(outer, [...declared, ...compile.declared(definition.nodes)]);
  const bound = bind(names);
  const body = compile.region(definition.nodes, { names, async: definition.async, targets: [], told });
  const about = { name: definition.name, length };
  const frame = frameOf(definition);

  /** The scope of an activation. */
  const open = (scope: Scope, args: unknown[]): Scope => {
    const inside = names.open(scope);
    bound(inside, args);
    return inside;
  };
  return (scope, enter) => {
    const maker = current.context;
    const entered = () => enter((current.context ?? maker) as Context);
    return own(
      activations(definition.async, frame, body, (args) => open(scope, args), entered),
      about,
    );
  };
}

function activations(
  async: boolean,
  frame: number,
  body: Code,
  open: (args: unknown[]) => Scope,
  enter: () => Context,
): Callable {
  if (body.kind === "awaiting") return (...args) => drive(() => body.run(open(args)), enter(), frame);
  const run: Callable = (...args) => {
    const outside = current.context;
    descend(frame);
    try {
      current.context = enter();
      return returned(body.run(open(args)));
    } finally {
      current.context = outside;
      ascend(frame);
    }
  };
  return async ? async (...args) => run(...args) : run;
}
