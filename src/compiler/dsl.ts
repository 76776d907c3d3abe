/** Recognises what the author imported from `reprise`, by symbol: whatever it is called here, and whichever way it came. */
import { ts } from "ts-morph";
import { memberOf } from "./classes.ts";
import { isConst, resolved, symbolOf, unwrap, variableOf } from "./symbols.ts";

/**
 * An option, as a method of the chain or a property of an options object. `value` is absent for a method without an argument; `known` is
 * there where the value was read already.
 */
export type OptionSource = { name: string; node: ts.Node; value?: ts.Expression; known?: { value: unknown } };

/** `step.queue("cpu").retry(2)(fn)`, or a decorator with what it stands on, taken apart. Later options win. */
export type Wrapper = {
  kind: "step" | "pipeline" | "template";
  call: ts.CallExpression | ts.Decorator;
  chain: OptionSource[];
  /** What stands before the function: a name (of a pipeline), or options; of a template, which task it is. */
  given?: ts.Expression;
  fn?: ts.Expression | ts.MethodDeclaration;
  /** The class on whose instances the function is called, where it is a method. */
  owner?: ts.ClassDeclaration;
};

type Head = Pick<Wrapper, "kind" | "chain" | "given">;

export class Dsl {
  readonly #checker: ts.TypeChecker;
  readonly #exports = new Map<ts.Symbol, string>();

  constructor(checker: ts.TypeChecker, module: ts.Symbol | undefined) {
    this.#checker = checker;
    for (const symbol of module ? checker.getExportsOfModule(module) : [])
      this.#exports.set(resolved(checker, symbol), symbol.name);
  }

  /** The name under which `reprise` exports what the expression denotes. */
  nameOf(expression: ts.Expression): string | undefined {
    const symbol = symbolOf(this.#checker, unwrap(expression));
    return symbol && this.#exports.get(symbol);
  }

  /** The name under which `reprise` exports the type. */
  typeName(type: ts.Type): string | undefined {
    const symbol = type.getSymbol();
    return symbol && this.#exports.get(symbol);
  }

  /** The call that makes a step or a pipeline; `undefined` for any other expression. */
  wrapper(expression: ts.Expression): Wrapper | undefined {
    const call = unwrap(expression);
    if (!ts.isCallExpression(call)) return undefined;
    if (this.nameOf(call.expression) === "template")
      return { kind: "template", call, chain: [], ...(call.arguments[0] && { given: call.arguments[0] }) };
    const head = this.chain(call.expression);
    if (head === undefined) return undefined;
    const args = [...call.arguments];
    const fn = args.pop();
    return { ...head, call, ...(args[0] && { given: args[0] }), ...(fn && { fn }) };
  }

  /** A class under `@pipeline`; its method `run` is the function. */
  decoratedClass(owner: ts.ClassDeclaration): Wrapper | undefined {
    const decorator = this.#decorator(owner, "pipeline");
    const run = memberOf(owner, "run", this.#checker)?.declaration;
    return decorator && { ...decorator, owner, ...(run && ts.isMethodDeclaration(run) && { fn: run }) };
  }

  /** A method under `@step`, as instances of `owner` have it. */
  decoratedMethod(fn: ts.MethodDeclaration, owner: ts.ClassDeclaration): Wrapper | undefined {
    const decorator = this.#decorator(fn, "step");
    return decorator && { ...decorator, owner, fn };
  }

  /** The `@step` that stands on it, whatever it is. */
  stepDecorator(on: ts.HasDecorators): ts.Decorator | undefined {
    return this.#decorator(on, "step")?.call;
  }

  #decorator(on: ts.HasDecorators, kind: Wrapper["kind"]): (Head & { call: ts.Decorator }) | undefined {
    for (const call of ts.getDecorators(on) ?? []) {
      const head = this.#head(call.expression);
      if (head?.kind === kind) return { ...head, call };
    }
    return undefined;
  }

  /** What a decorator says: `step`, `step({ retry: 2 })`, `(step.retry(2))`, or a const that holds one of these. */
  #head(expression: ts.Expression): Head | undefined {
    const at = unwrap(expression);
    const chain = this.chain(at);
    if (chain !== undefined) return chain;
    if (ts.isCallExpression(at)) {
      const head = this.chain(at.expression);
      const given = at.arguments[0];
      return head && { ...head, ...(given && { given }) };
    }
    const held = ts.isIdentifier(at) ? variableOf(symbolOf(this.#checker, at)) : undefined;
    return held && isConst(held) ? this.#head(held.initializer) : undefined;
  }

  /** `pipeline.graph("digits")`, the call itself. */
  graph(expression: ts.Expression): boolean {
    const at = unwrap(expression);
    if (!ts.isCallExpression(at) || !ts.isPropertyAccessExpression(at.expression)) return false;
    return at.expression.name.text === "graph" && this.chain(at.expression.expression) !== undefined;
  }

  /** `step.queue("cpu")`, also through a const that holds it. */
  chain(expression: ts.Expression): { kind: Wrapper["kind"]; chain: OptionSource[] } | undefined {
    const at = unwrap(expression);
    const name = this.nameOf(at);
    if (name === "step" || name === "pipeline") return { kind: name, chain: [] };
    if (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression)) {
      // It ends the chain: what follows are the words of the graph.
      if (at.expression.name.text === "graph") return undefined;
      const head = this.chain(at.expression.expression);
      const option: OptionSource = { name: at.expression.name.text, node: at.expression.name };
      const value = at.arguments[0];
      return head && { kind: head.kind, chain: [...head.chain, { ...option, ...(value && { value }) }] };
    }
    const held = ts.isIdentifier(at) ? variableOf(symbolOf(this.#checker, at)) : undefined;
    return held && isConst(held) ? this.chain(held.initializer) : undefined;
  }
}
