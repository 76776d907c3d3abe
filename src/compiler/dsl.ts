/** Recognises what the author imported from `reprise`, by symbol: whatever it is called here, and whichever way it came. */
import { ts } from "ts-morph";
import { isConst, resolved, symbolOf, unwrap, variableOf } from "./symbols.ts";

/**
 * An option, as a method of the chain or a property of an options object. `value` is absent for a method without an argument; `known` is
 * there where the value was read already.
 */
export type OptionSource = { name: string; node: ts.Node; value?: ts.Expression; known?: { value: unknown } };

/** `step.queue("cpu").retry(2)(fn)`, taken apart. Later options win. */
export type Wrapper = {
  kind: "step" | "pipeline";
  call: ts.CallExpression;
  chain: OptionSource[];
  /** What stands before the function: a name (of a pipeline), or options. */
  given?: ts.Expression;
  fn?: ts.Expression;
};

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

  /** The call that makes a step or a pipeline; `undefined` for any other expression. */
  wrapper(expression: ts.Expression): Wrapper | undefined {
    const call = unwrap(expression);
    if (!ts.isCallExpression(call)) return undefined;
    const head = this.chain(call.expression);
    if (head === undefined) return undefined;
    const args = [...call.arguments];
    const fn = args.pop();
    return { ...head, call, ...(args[0] && { given: args[0] }), ...(fn && { fn }) };
  }

  /** `step.queue("cpu")`, also through a const that holds it. */
  chain(expression: ts.Expression): { kind: Wrapper["kind"]; chain: OptionSource[] } | undefined {
    const at = unwrap(expression);
    const name = this.nameOf(at);
    if (name === "step" || name === "pipeline") return { kind: name, chain: [] };
    if (ts.isCallExpression(at) && ts.isPropertyAccessExpression(at.expression)) {
      const head = this.chain(at.expression.expression);
      const option: OptionSource = { name: at.expression.name.text, node: at.expression.name };
      const value = at.arguments[0];
      return head && { kind: head.kind, chain: [...head.chain, { ...option, ...(value && { value }) }] };
    }
    const held = ts.isIdentifier(at) ? variableOf(symbolOf(this.#checker, at)) : undefined;
    return held && isConst(held) ? this.chain(held.initializer) : undefined;
  }
}
