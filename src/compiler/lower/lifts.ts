/** Lifts: what must be a node of its own, at its own moment. Awaits and calls of steps; calls of local functions that start steps, so that they are seen. */
import { ts } from "ts-morph";
import { isFunctionValue, unwrap } from "./syntax.ts";

type Symbols = {
  symbol(node: ts.Identifier): ts.Symbol | undefined;
  classMember(node: ts.Node): ts.Declaration | undefined;
  context: {
    stepOf(callee: ts.Expression): string | undefined;
    isDsl(callee: ts.Expression): string | undefined;
  };
};

/** What `reprise` exports that begins something of its own when it is called. */
const beginners = new Set(["sleep", "sleepUntil", "signal", "start", "detach"]);

/** Built-in methods that call the function that they are given. */
const callers = new Set(
  "map forEach flatMap filter find findIndex findLast findLastIndex some every reduce reduceRight sort toSorted then".split(
    " ",
  ),
);

export class Lifts {
  readonly #symbols: Symbols;
  readonly #has = new WeakMap<ts.Node, ts.Node | null>();
  readonly #starts = new Map<ts.Node, boolean>();

  constructor(symbols: Symbols) {
    this.#symbols = symbols;
  }

  /** Does the node, or anything in it but the functions it declares, have to be lifted? */
  has(node: ts.Node): boolean {
    return this.first(node) !== null;
  }

  first(node: ts.Node): ts.Node | null {
    const known = this.#has.get(node);
    if (known !== undefined) return known;
    let found: ts.Node | null = this.is(node) ? node : null;
    if (found === null && !ts.isFunctionLike(node))
      ts.forEachChild(node, (child) => {
        found ??= this.first(child);
      });
    this.#has.set(node, found);
    return found;
  }

  is(node: ts.Node): boolean {
    if (ts.isAwaitExpression(node)) return true;
    if (!ts.isCallExpression(node)) return false;
    return (
      this.isStep(node.expression) ||
      this.isBeginner(node.expression) ||
      this.isEach(node) ||
      this.isStarter(node.expression)
    );
  }

  isStep(callee: ts.Expression): boolean {
    return this.#symbols.context.stepOf(unwrap(callee)) !== undefined;
  }

  isBeginner(callee: ts.Expression): boolean {
    const name = this.#symbols.context.isDsl(unwrap(callee));
    return name !== undefined && this.begins(name);
  }

  /** Is it a name under which `reprise` exports what begins something when it is called? */
  begins(name: string): boolean {
    return beginners.has(name);
  }

  /** `xs.map(f)` where `f` is written there and starts steps, or is a step. */
  isEach(node: ts.CallExpression): boolean {
    const { expression, arguments: args } = node;
    if (!ts.isPropertyAccessExpression(expression) || expression.questionDotToken || node.questionDotToken)
      return false;
    if (!callers.has(expression.name.text) || args[0] === undefined || args.some(ts.isSpreadElement)) return false;
    const fn = unwrap(args[0]);
    return isFunctionValue(fn) ? this.starts(fn) : this.isStep(fn);
  }

  /** A local or module function, or a method of the class, that starts steps, by its name. */
  isStarter(callee: ts.Expression): boolean {
    const fn = this.functionOf(unwrap(callee));
    return fn !== undefined && this.starts(fn);
  }

  /** Does calling this function start steps, by itself or through others? */
  starts(fn: ts.Node): boolean {
    const known = this.#starts.get(fn);
    if (known !== undefined) return known;
    this.#starts.set(fn, false); // for the recursive call: it starts nothing that the rest does not
    const visit = (node: ts.Node): boolean =>
      (ts.isCallExpression(node) &&
        (this.isStep(node.expression) ||
          this.isBeginner(node.expression) ||
          this.isStarter(node.expression) ||
          this.isEach(node))) ||
      (ts.forEachChild(node, (child) => visit(child) || undefined) ?? false);
    const starts = ts.forEachChild(fn, (child) => visit(child) || undefined) ?? false;
    this.#starts.set(fn, starts);
    return starts;
  }

  private functionOf(name: ts.Expression): ts.Node | undefined {
    const declaration = ts.isIdentifier(name)
      ? this.#symbols.symbol(name)?.valueDeclaration
      : this.#symbols.classMember(name);
    if (declaration === undefined) return undefined;
    if (ts.isFunctionDeclaration(declaration) || ts.isMethodDeclaration(declaration))
      return declaration.body && declaration;
    const isHolder = ts.isVariableDeclaration(declaration) || ts.isPropertyDeclaration(declaration);
    if (!isHolder || declaration.initializer === undefined) return undefined;
    const value = unwrap(declaration.initializer);
    return isFunctionValue(value) ? value : undefined;
  }
}
