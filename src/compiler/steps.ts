/** The steps that bodies use, pipelines that they call among them: found by what callees denote, each with a template name of its own. */
import { ts } from "ts-morph";
import { classOf, isInstance, memberOf } from "./classes.ts";
import type { Context } from "./context.ts";
import { type Declared, declaredClass, ownName } from "./declarations.ts";
import type { OptionSource, Wrapper } from "./dsl.ts";
import { readName, sourcesOf } from "./options.ts";
import { spotOf } from "./problem.ts";
import { rules } from "./rules.ts";
import { isConst, symbolOf, unwrap, variableOf } from "./symbols.ts";

/**
 * A step as the graph knows it: the declaration, and its options, `withOptions` included, later ones winning. `isAtTop`: its module can export it.
 */
export type UsedStep = { template: string; declared: Declared; options: OptionSource[]; isAtTop: boolean };

type Found = Omit<UsedStep, "template"> & { base: string };

/** What makes the step: a call of `step(…)`, `pipeline(…)` or `withOptions(…)`, or a decorator, and the class on whose instances it is called. */
export type Maker = { at: ts.CallExpression | ts.Decorator; owner?: ts.ClassDeclaration | undefined };

export class Steps {
  readonly #context: Context;
  readonly #found = new Map<object, UsedStep | undefined>();
  readonly #keys = new Map<ts.Node, Map<ts.ClassDeclaration, object>>();
  /** What programs have made of a step by `withOptions`. */
  readonly #variants = new Map<object, Map<string, object>>();
  readonly #taken = new Set<string>();

  constructor(context: Context) {
    this.#context = context;
  }

  /**
   * The name of the template where the expression denotes a step; the step counts as used then. Two steps with one name: `fit`, `fit$2`.
   * `within`: the class whose instance `this` is.
   */
  of(callee: ts.Expression, within?: ts.ClassDeclaration): string | undefined {
    const maker = this.#makerOf(unwrap(callee), within);
    if (maker === undefined) return undefined;
    const key = this.#keyOf(maker);
    if (!this.#found.has(key)) this.#found.set(key, this.#use(maker));
    return this.#found.get(key)?.template;
  }

  /** The same for one that a program has used. `options`: those that it had then, where they may be others than those of its declaration. */
  executed(maker: Maker, options: Record<string, unknown> | undefined): string | undefined {
    const own = this.#keyOf(maker);
    const key = options === undefined ? own : this.#variantOf(own, options);
    if (!this.#found.has(key)) this.#found.set(key, this.#use(maker, options));
    return this.#found.get(key)?.template;
  }

  /** In the order in which the bodies use them first. */
  get used(): UsedStep[] {
    return [...this.#found.values()].filter((step) => step !== undefined);
  }

  /** Wherever the name leads. */
  #makerOf(expression: ts.Expression, within: ts.ClassDeclaration | undefined, depth = 0): Maker | undefined {
    const { checker, dsl } = this.#context;
    if (ts.isCallExpression(expression))
      return dsl.wrapper(expression) ? { at: expression } : this.#withOptions(expression, within);
    if (ts.isPropertyAccessExpression(expression)) {
      const method = this.#method(expression, within);
      if (method !== undefined) return method;
    } else if (!ts.isIdentifier(expression)) return undefined;
    const held = heldBy(symbolOf(checker, expression));
    return held && depth < 16 ? this.#makerOf(unwrap(held), within, depth + 1) : undefined;
  }

  #withOptions(call: ts.CallExpression, within: ts.ClassDeclaration | undefined): Maker | undefined {
    const [fn] = call.arguments;
    const isCall = this.#context.dsl.nameOf(call.expression) === "withOptions" && fn !== undefined;
    const inner = isCall ? this.#makerOf(unwrap(fn), within) : undefined;
    return inner && { ...inner, at: call };
  }

  /** `this.fit`, a step of the class itself or of one above it; and `new Prepare().run`, a pipeline. */
  #method({ expression, name }: ts.PropertyAccessExpression, within?: ts.ClassDeclaration): Maker | undefined {
    const { checker, dsl } = this.#context;
    const object = unwrap(expression);
    // Its steps would be those of this class: not the pipeline that the base class is.
    if (object.kind === ts.SyntaxKind.SuperKeyword) return undefined;
    const isThis = object.kind === ts.SyntaxKind.ThisKeyword && isInstance(object);
    if (name.text === "run") {
      const owner = isThis ? within : classOf(expression, checker);
      const pipeline = owner && dsl.decoratedClass(owner);
      return pipeline && { at: pipeline.call };
    }
    const method = isThis && within ? memberOf(within, name.text, checker)?.declaration : undefined;
    const step = method && within && ts.isMethodDeclaration(method) && dsl.decoratedMethod(method, within);
    return step ? { at: step.call, owner: within } : undefined;
  }

  /** One method is another step in each class: what it calls may be overridden there. */
  #keyOf({ at, owner }: Maker): object {
    if (owner === undefined) return at;
    const keys = this.#keys.get(at) ?? new Map<ts.ClassDeclaration, object>();
    const key = keys.get(owner) ?? {};
    this.#keys.set(at, keys.set(owner, key));
    return key;
  }

  #variantOf(own: object, options: Record<string, unknown>): object {
    const text = JSON.stringify(options);
    const variants = this.#variants.get(own) ?? new Map<string, object>();
    const key = variants.get(text) ?? {};
    this.#variants.set(own, variants.set(text, key));
    return key;
  }

  #use(maker: Maker, known?: Record<string, unknown>): UsedStep | undefined {
    const resolved = this.#resolve(maker);
    const found = known && resolved ? this.#with(known, resolved) : resolved;
    if (found === undefined) return undefined;
    const { base, ...step } = found;
    let template = base;
    for (let n = 2; this.#taken.has(template); n++) template = `${base}$${n}`;
    this.#taken.add(template);
    return { template, ...step };
  }

  #with(known: Record<string, unknown>, found: Found): Found {
    const node = found.declared.call;
    const options = Object.entries(known).map(([name, value]) => ({ name, node, known: { value } }));
    return { ...found, options, base: typeof known.name === "string" ? known.name : found.base };
  }

  #resolve({ at, owner }: Maker): Found | undefined {
    const { dsl } = this.#context;
    if (ts.isDecorator(at)) return this.#decorated(at, owner);
    const wrapper = dsl.wrapper(at);
    if (wrapper !== undefined) return this.#declared({ ...wrapper, ...holder(at) });
    const [fn, given] = at.arguments as unknown as [ts.Expression, ts.Expression | undefined];
    const inner = this.#resolve(this.#makerOf(unwrap(fn), owner) as Maker);
    if (inner === undefined) return undefined;
    const { kind } = inner.declared;
    const role = { kind: kind === "pipeline" ? kind : "step", what: `the ${kind} "${inner.base}"` } as const;
    const options = sourcesOf(given, role, this.#context);
    return {
      ...inner,
      options: [...inner.options, ...options],
      base: readName(options, role, this.#context) ?? inner.base,
    };
  }

  #decorated({ parent: on }: ts.Decorator, owner: ts.ClassDeclaration | undefined): Found | undefined {
    const { dsl } = this.#context;
    if (ts.isClassDeclaration(on)) return this.#declared(declaredClass(on, dsl) as Declared);
    const method = on as ts.MethodDeclaration;
    const wrapper = dsl.decoratedMethod(method, owner as ts.ClassDeclaration) as Wrapper;
    return this.#declared({ ...wrapper, variable: method.name.getText(), isDefault: false });
  }

  /** Its name is its variable's: the option `name` says which task it is. */
  #template(declared: Declared & { held?: ts.VariableDeclaration }): Found | undefined {
    const base = ownName(declared);
    if (base === undefined) this.#context.problems.report(rules.noName, declared.call, { kind: "template" });
    return base === undefined ? undefined : { declared, options: [], base, isAtTop: true };
  }

  #declared(declared: Declared & { held?: ts.VariableDeclaration }): Found | undefined {
    const { kind, call, held, chain, given } = declared;
    const context = this.#context;
    if (kind === "template") return this.#template(declared);
    const own = ownName(declared);
    const role = { kind, what: own === undefined ? `a ${kind}` : `the ${kind} "${own}"` };
    const options = [...chain, ...sourcesOf(given, role, context)];
    const base = readName(options, role, context) ?? own;
    const isAtTop = declared.isDefault || declared.owner !== undefined || isTopLevel(held);
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
