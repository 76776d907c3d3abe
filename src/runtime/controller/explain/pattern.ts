/** Patterns: an expression in print, with gaps for the values of its parts. A loop decides by one expression over and over. */
import type { Expression } from "../../../model/expression.ts";
import { printExpression, type Texts } from "../../../model/print-expression.ts";

type Compound = Extract<Expression, { kind: string }>;

/** The expression with the words put behind its parts, which come in its order: as `printExpression` prints it. */
export function printWith(expression: Compound, texts: Texts, parts: readonly Compound[], words: string[]): string {
  const pieces = isPlain(expression) ? patternOf(expression, texts, parts) : undefined;
  if (pieces === undefined)
    return printExpression(expression, texts, new Map(parts.map((part, i) => [part, words[i]!])));
  let text = pieces[0]!;
  for (let i = 0; i < words.length; i++) text += words[i]! + pieces[i + 1]!;
  return text;
}

type Known = { parts: readonly Compound[]; pieces: string[] | undefined };

/** By what temporaries stand for, which is the graph's, and by expression: of the parts that were shown last. */
const patterns = new WeakMap<Texts, WeakMap<Compound, Known>>();

function patternOf(expression: Compound, texts: Texts, parts: readonly Compound[]): string[] | undefined {
  let ofTexts = patterns.get(texts);
  if (ofTexts === undefined) {
    ofTexts = new WeakMap();
    patterns.set(texts, ofTexts);
  }
  let known = ofTexts.get(expression);
  if (known === undefined || !isSame(known.parts, parts)) {
    known = { parts, pieces: piecesOf(expression, texts, parts) };
    ofTexts.set(expression, known);
  }
  return known.pieces;
}

const gap = "\0";

/** Undefined where a value would not stand by itself. */
function piecesOf(expression: Compound, texts: Texts, parts: readonly Compound[]): string[] | undefined {
  const pieces = printExpression(expression, texts, new Map(parts.map((part) => [part, gap]))).split(gap);
  return pieces.length === parts.length + 1 ? pieces : undefined;
}

/** How these are printed does not depend on what a value is, and in each the parts come in their order. */
const plainKinds: ReadonlySet<string> = new Set(["variable", "member", "binary", "logical", "unary"]);

const plain = new WeakMap<Compound, boolean>();

function isPlain(expression: Compound): boolean {
  let known = plain.get(expression);
  if (known === undefined) {
    known =
      plainKinds.has(expression.kind) &&
      Object.values(expression).every((part) => part === null || typeof part !== "object" || isPlain(part as Compound));
    plain.set(expression, known);
  }
  return known;
}

const isSame = (some: readonly unknown[], others: readonly unknown[]): boolean =>
  some.length === others.length && some.every((each, i) => each === others[i]);
