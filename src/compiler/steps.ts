/** The steps that bodies use, pipelines that they call among them: found by what callees denote, each with a template name of its own. */
import { ts } from "ts-morph";
import type { Context } from "./context.ts";
import { type Declared, ownName } from "./declarations.ts";
import type { OptionSource } from "./dsl.ts";
import { readName, sourcesOf } from "./options.ts";
import { spotOf } from "./problem.ts";
import { rules } from "./rules.ts";
import { isConst, symbolOf, unwrap, variableOf } from "./symbols.ts";

/**
 * A step as the graph knows it: the declaration, and its options, `withOptions` included, later ones winning. `isAtTop`: its module can export it.
 */
export type UsedStep = { template: string; declared: Declared; options: OptionSource[]; isAtTop: boolean };

type Found = Omit<UsedStep, "template"> & { base: string };

export class Steps {
  readonly #context: Context;
  readonly #found = new Map<ts.Node, UsedStep | undefined>();
  readonly #taken = new Set<string>();

  constructor(context: Context) {
    this.#context = context;
  }

  /** The name of the template where the expression denotes a step; the step counts as used then. Two steps with one name: `fit`, `fit$2`. */
  of(callee: ts.Expression): string | undefined {
    const at = this.#declarationOf(unwrap(callee));
    if (at === undefined) return undefined;
    if (!this.#found.has(at)) this.#found.set(at, this.#use(at));
    return this.#found.get(at)?.template;
  }

  /** In the order in which the bodies use them first. */
  get used(): UsedStep[] {
    return [...this.#found.values()].filter((step) => step !== undefined);
  }

  /** The node that makes the step: a call of `step(…)`, `pipeline(…)` or `withOptions(…)`, wherever the name leads. */
  #declarationOf(expression: ts.Expression, depth = 0): ts.CallExpression | undefined {
    const { checker, dsl } = this.#context;
    if (ts.isCallExpression(expression))
      return dsl.wrapper(expression) || this.#withOptions(expression) ? expression : undefined;
    if (!ts.isIdentifier(expression) && !ts.isPropertyAccessExpression(expression)) return undefined;
    const held = heldBy(symbolOf(checker, expression));
    return held && depth < 16 ? this.#declarationOf(unwrap(held), depth + 1) : undefined;
  }

  #withOptions(call: ts.CallExpression): boolean {
    const [fn] = call.arguments;
    return (
      this.#context.dsl.nameOf(call.expression) === "withOptions" &&
      fn !== undefined &&
      this.#declarationOf(unwrap(fn)) !== undefined
    );
  }

  #use(call: ts.CallExpression): UsedStep | undefined {
    const found = this.#resolve(call);
    if (found === undefined) return undefined;
    const { base, ...step } = found;
    let template = base;
    for (let n = 2; this.#taken.has(template); n++) template = `${base}$${n}`;
    this.#taken.add(template);
    return { template, ...step };
  }

  #resolve(call: ts.CallExpression): Found | undefined {
    const wrapper = this.#context.dsl.wrapper(call);
    if (wrapper !== undefined) return this.#declared({ ...wrapper, ...holder(call) });
    const [fn, given] = call.arguments as unknown as [ts.Expression, ts.Expression | undefined];
    const inner = this.#resolve(this.#declarationOf(unwrap(fn)) as ts.CallExpression);
    if (inner === undefined) return undefined;
    const { kind } = inner.declared;
    const role = { kind, what: `the ${kind} "${inner.base}"` };
    const options = sourcesOf(given, role, this.#context);
    return {
      ...inner,
      options: [...inner.options, ...options],
      base: readName(options, role, this.#context) ?? inner.base,
    };
  }

  #declared(declared: Declared & { held?: ts.VariableDeclaration }): Found | undefined {
    const { kind, call, held, chain, given } = declared;
    const context = this.#context;
    const own = ownName(declared);
    const role = { kind, what: own === undefined ? `a ${kind}` : `the ${kind} "${own}"` };
    const options = [...chain, ...sourcesOf(given, role, context)];
    const base = readName(options, role, context) ?? own;
    const isAtTop = declared.isDefault || isTopLevel(held);
    if (base === undefined) context.problems.report(rules.noName, call, { kind });
    else if (held && !isConst(held)) context.problems.report(rules.stepNotConst, held, { kind, name: base });
    // In the body itself it is a problem of the body already.
    else if (!isAtTop && !context.problems.covers(spotOf(call)))
      context.problems.report(rules.stepNotAtTop, call, { kind, name: base });
    return base === undefined ? undefined : { declared, options, base, isAtTop };
  }
}

/** What a name stands for: the initializer of its variable or property, or the default export. */
function heldBy(symbol: ts.Symbol | undefined): ts.Expression | undefined {
  const exported = symbol?.declarations?.find(ts.isExportAssignment);
  const property =
    symbol?.valueDeclaration && ts.isPropertyAssignment(symbol.valueDeclaration) ? symbol.valueDeclaration : undefined;
  return exported?.expression ?? property?.initializer ?? variableOf(symbol)?.initializer;
}

function holder(call: ts.CallExpression): { variable?: string; isDefault: boolean; held?: ts.VariableDeclaration } {
  let at: ts.Node = call.parent;
  while (ts.isParenthesizedExpression(at) || ts.isAsExpression(at) || ts.isSatisfiesExpression(at)) at = at.parent;
  if (ts.isVariableDeclaration(at) && ts.isIdentifier(at.name))
    return { variable: at.name.text, isDefault: false, held: at };
  if (ts.isPropertyAssignment(at) && ts.isIdentifier(at.name)) return { variable: at.name.text, isDefault: false };
  return { isDefault: ts.isExportAssignment(at) };
}

function isTopLevel(held: ts.VariableDeclaration | undefined): boolean {
  return held !== undefined && ts.isSourceFile(held.parent.parent.parent);
}
