/** A decision in words: the facts that made it, as the author wrote them, with what they were. */
import type { Expression } from "../../../model/expression.ts";
import { lastTurn } from "../../../model/identity.ts";
import type { BranchNode, LoopNode } from "../../../model/node.ts";
import { printExpression, type Texts } from "../../../model/print-expression.ts";
import type { Decision } from "./decision.ts";
import { printWith } from "./pattern.ts";
import { digitsFor, fewest, short } from "./short.ts";
import { Made, type Seen, type Weighed } from "./trace.ts";

/** `accuracy 0.871 < target 0.95 → again (iteration 4)`. `texts`: of the graph's temporaries. */
export function explain(decision: Decision, texts: Texts): string {
  const { node, outcome, path } = decision;
  return node.kind === "loop"
    ? `${reasons(decision, node.test?.text, texts)} → ${ofLoop(node, outcome, path)}`
    : `${node.on === undefined ? reasons(decision, node.text, texts) : subject(decision, node, texts)} → ${ofBranch(node, outcome)}`;
}

const longest = 200;

/** What decided, test by test; the last one says most. */
function reasons({ weighed }: Decision, source: string | undefined, texts: Texts): string {
  const only = weighed.length === 1 ? source : undefined;
  const all = weighed.map((test) => reason(test, namedBy(only, test.expression, texts)));
  while (all.length > 1 && all.join("; ").length > longest) all.shift();
  return cut(all.join("; "));
}

const reason = (test: Weighed, texts: Texts): string => factsOf(test, Boolean(test.value), texts).join(" && ");

/** `switch mode "fast"` */
function subject({ weighed }: Decision, node: BranchNode, texts: Texts): string {
  const [{ expression, value, seen } = nothing] = weighed;
  // What is compared by an awaiting case was compared before; what is left is which one it was.
  if (node.cases.some(({ text }) => text !== undefined)) return cut(`switch ${node.text}`);
  const named = namedBy(node.text, expression, texts);
  return cut(`switch ${new Words(seen(), named).with(expression, value)}`);
}

const nothing: Weighed = { expression: null, value: undefined, seen: () => new Map(), depth: 0 };

function ofBranch({ on, cases, otherwise }: BranchNode, outcome: number): string {
  if (outcome < 0) return otherwise === undefined ? "skipped" : on === undefined ? "else" : "default";
  if (on !== undefined) return `case ${cut(cases[outcome]?.text ?? printExpression(cases[outcome]?.when ?? null))}`;
  return outcome === 0 ? "then" : "else if";
}

/** A `do` loop decides after its turn, all others before it. */
function ofLoop({ form }: LoopNode, outcome: number, path: string): string {
  const turn = lastTurn(path);
  const next = form === "do" ? turn + 1 : turn;
  if (outcome > 0) return next === 1 ? "iteration 1" : `again (iteration ${next})`;
  return next === 1 ? "no iteration" : `done (after ${next - 1} iteration${next === 2 ? "" : "s"})`;
}

function factsOf({ expression, seen, before }: Weighed, holds: boolean, texts: Texts): string[] {
  const also = before && Boolean(before.value) === holds ? factsOf(before, holds, texts) : [];
  return [...also, ...facts(expression, holds, new Words(seen(), texts))];
}

/**
 * What has to be so for the expression to hold, or not to hold: of `a || b` that holds, the side that does; of `a && b`, both. Their
 * conjunction is the reason, whichever operators the author used.
 */
function facts(expression: Expression, holds: boolean, words: Words): string[] {
  if (isKind(expression, "unary") && expression.op === "!") return facts(expression.of, !holds, words);
  if (isKind(expression, "logical") && expression.op !== "??") {
    const { op, left, right } = expression;
    const alone = op === "&&" ? !holds : holds;
    if (alone) return facts(words.isTruthy(left) === holds ? left : right, holds, words);
    return [...facts(left, holds, words), ...facts(right, holds, words)];
  }
  const made = words.made(expression);
  return made ? factsOf(made, holds, words.texts) : [words.fact(expression, holds)];
}

const comparisons = new Set(["==", "!=", "===", "!==", "<", "<=", ">", ">=", "in", "instanceof"]);

/** What people ask the value of: names and calls, rather than operations on them. */
export const named: ReadonlySet<string> = new Set(["variable", "member", "chain", "apply", "new"]);

/** Expressions as text, with the values of what was evaluated put in. */
class Words {
  readonly texts: Texts;
  readonly #seen: Seen;

  constructor(seen: Seen, texts: Texts) {
    this.#seen = seen;
    this.texts = texts;
  }

  isTruthy(expression: Expression): boolean {
    return Boolean(this.#valueOf(expression));
  }

  /** What a temporary was made of. */
  made(expression: Expression): Weighed | undefined {
    const seen = this.#seen.get(expression);
    return seen instanceof Made ? seen.of : undefined;
  }

  /** `n 3 < 2 is false`, `n 1 < 2`, `score.ok is true` */
  fact(expression: Expression, holds: boolean): string {
    if (isKind(expression, "binary") && comparisons.has(expression.op))
      return `${this.#print(expression)}${holds ? "" : " is false"}`;
    const value = this.#valueOf(expression);
    return `${this.#print(expression, false)} is ${short(value, digitsOf(expression, this.#shown(expression).values))}`;
  }

  /** `mode "fast"` */
  with(expression: Expression, value: unknown): string {
    return `${this.#print(expression, false)} ${short(value, digitsFor(typeof value === "number" ? [value] : []))}`;
  }

  #valueOf(expression: Expression): unknown {
    if (!isCompound(expression)) return expression;
    const seen = this.#seen.get(expression);
    return seen instanceof Made ? seen.value : seen;
  }

  /** `whole`: is the value of the expression itself put in too? */
  #print(expression: Expression, whole = true): string {
    if (!isCompound(expression)) return printExpression(expression);
    const { parts, values } = this.#shown(expression);
    const digits = digitsOf(expression, values);
    const isShown = parts[0] === expression;
    const words = (whole || !isShown ? values : values.slice(1)).map((value) => short(value, digits));
    return printWith(expression, this.texts, whole || !isShown ? parts : parts.slice(1), words);
  }

  /** The parts whose value is shown, in order; what stands in them is not, but for arguments. */
  #shown(expression: Expression): { parts: Compound[]; values: unknown[] } {
    const parts: Compound[] = [];
    const values: unknown[] = [];
    const { showable } = anatomyOf(expression);
    for (let i = 0; i < showable.length; i += 1) {
      const { part, isSign, inside } = showable[i]!;
      if (!this.#seen.has(part)) continue;
      parts.push(part);
      values.push(this.#valueOf(part));
      if (isSign) i += inside;
    }
    return { parts, values };
  }
}

const isNumber = (value: unknown): value is number => typeof value === "number";

function digitsOf(expression: Expression, values: readonly unknown[]): number {
  const { numbers } = anatomyOf(expression);
  if (numbers.every(Number.isInteger) && values.every((value) => !isNumber(value) || Number.isInteger(value)))
    return fewest;
  return digitsFor([...numbers, ...values.filter(isNumber)]);
}

/** What is the same of an expression at each decision: the numbers in it, and the parts that may be shown, each before the ones inside it. */
type Anatomy = { numbers: number[]; showable: { part: Compound; isSign: boolean; inside: number }[] };

/** A loop decides by one expression over and over. */
const anatomies = new WeakMap<Compound, Anatomy>();

function anatomyOf(expression: Expression): Anatomy {
  const known = isCompound(expression) ? anatomies.get(expression) : undefined;
  if (known !== undefined) return known;
  const anatomy: Anatomy = { numbers: [], showable: [] };
  dissect(expression, anatomy);
  if (isCompound(expression)) anatomies.set(expression, anatomy);
  return anatomy;
}

function dissect(part: unknown, anatomy: Anatomy): void {
  const { numbers, showable } = anatomy;
  if (typeof part === "number") numbers.push(part);
  if (part === null || typeof part !== "object") return;
  const each = part as Compound;
  const isSign = each.kind === "unary" && isCompound(each.of);
  const own = { part: each, isSign, inside: 0 };
  const before = showable.length;
  if (isSign || named.has(each.kind)) showable.push(own);
  for (const inner of Object.values(each)) dissect(inner, anatomy);
  own.inside = showable.length - before - 1;
}

/** Where the expression is a temporary of the compiler's, it stands for the node's own text: `ready && await check()`. */
function namedBy(source: string | undefined, expression: Expression, texts: Texts): Texts {
  const name = temporaryIn(expression);
  if (source === undefined || name === undefined) return texts;
  return new Map([...texts, [name, source.replace(/\s*(?:&&|\|\||\?\?)$/, "")]]);
}

/** `$1`, `!$1` and `$1 == null` */
function temporaryIn(expression: Expression): string | undefined {
  if (isKind(expression, "variable")) return expression.name.startsWith("$") ? expression.name : undefined;
  if (isKind(expression, "unary")) return temporaryIn(expression.of);
  return isKind(expression, "binary") && expression.right === null ? temporaryIn(expression.left) : undefined;
}

const cut = (text: string): string => (text.length > longest ? `${text.slice(0, longest - 1)}…` : text);

type Compound = Extract<Expression, { kind: string }>;

const isCompound = (expression: Expression): expression is Compound =>
  expression !== null && typeof expression === "object";

function isKind<K extends string>(of: Expression, kind: K): of is Extract<Expression, { kind: K }> {
  return of !== null && typeof of === "object" && of.kind === kind;
}
