/** Calls of functions that are values: of the language's own, and of the body's. */
import type { Expression } from "../../../model/expression.ts";
import { printExpression } from "../../../model/print-expression.ts";
import { capped } from "../bounds/caps.ts";
import { classCosts } from "../bounds/class-costs.ts";
import type { Compile, Evaluate } from "../graph/code.ts";
import type { Names } from "../graph/scope.ts";
import { getMember } from "./access.ts";
import { argumentList } from "./arguments.ts";
import { chance } from "./chance.ts";
import { isShort } from "./member.ts";
import { short } from "./short.ts";

type Apply = Extract<Expression, { kind: "apply" }>;

export function apply({ callee, args, optional }: Apply, names: Names, compile: Compile): Evaluate {
  const values = argumentList(args, names, compile);
  const isOptional = optional === true;
  const text = () => printExpression(callee);
  const method = methodOf(callee);
  if (method === undefined) {
    const fn = compile.link(callee, names);
    return (scope) => {
      const value = fn(scope);
      return isShort(value, isOptional) ? short : invoke(value, undefined, values(scope), text);
    };
  }
  const of = compile.link(method.of, names);
  const key = compile.expression(method.key, names);
  const skips = method.optional === true;
  const parenthesized = callee !== method; // `(a?.b)()`: the chain ends before the call
  return (scope) => {
    const receiver = of(scope);
    const ended = isShort(receiver, skips);
    if (ended && !parenthesized) return short;
    const value = ended ? undefined : getMember(receiver, key(scope));
    return isShort(value, isOptional) ? short : invoke(value, receiver, values(scope), text);
  };
}

/** Calls `fn` as the language does. `text` prints the callee, for the TypeError where it is no function. */
export function invoke(fn: unknown, receiver: unknown, args: unknown[], text: () => string): unknown {
  if (typeof fn !== "function") throw new TypeError(`${text()} is not a function`);
  if (fn === Date) return new Date(chance("Date.now")).toString();
  const cost = classCosts.get(fn);
  if (cost === undefined) return Reflect.apply(fn, receiver, args);
  cost(undefined, args);
  return capped(Reflect.apply(fn, receiver, args));
}

function methodOf(callee: Expression): Extract<Expression, { kind: "member" }> | undefined {
  if (callee === null || typeof callee !== "object") return undefined;
  if (callee.kind === "chain") return methodOf(callee.of);
  return callee.kind === "member" ? callee : undefined;
}
