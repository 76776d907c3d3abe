/**
 * Expressions printed back as TypeScript, for people: pictures, decisions, error messages. Parentheses stand only where the grammar wants
 * them, and a temporary is printed as the source text that it stands for.
 */
import type {
  Argument,
  BinaryOperator,
  Entry,
  Expression,
  Item,
  LogicalOperator,
  Pattern,
  PatternItem,
} from "./expression.ts";

/** Name of a temporary → the source text that it stands for (`text` of its `let` node). */
export type Texts = ReadonlyMap<string, string>;

/** `accuracy < target && depth < 8`, on one line. */
export function printExpression(expression: Expression, texts: Texts = new Map()): string {
  return print(expression, texts).text;
}

/** `{ train, test: [first, ...rest] }`. */
export function printPattern(pattern: Pattern, texts: Texts = new Map()): string {
  switch (pattern.kind) {
    case "variable":
      return sourceName(pattern.name);
    case "member":
      return printExpression({ kind: "member", of: pattern.of, key: pattern.key }, texts);
    case "array":
      return `[${[
        ...pattern.items.map((item) => (item === null ? "" : printPatternItem(item, texts))),
        ...(pattern.rest ? [`...${printPattern(pattern.rest, texts)}`] : []),
      ].join(", ")}]`;
    case "object":
      return braces([
        ...pattern.entries.map(({ key, ...item }) => property(key, printPatternItem(item, texts), item.target, texts)),
        ...(pattern.rest ? [`...${printPattern(pattern.rest, texts)}`] : []),
      ]);
  }
}

/** The name as the author wrote it: the compiler makes names unique by a suffix, `best$2`. */
export const sourceName = (name: string): string => name.replace(/(?<=.)\$\d+$/, "");

/** How tightly a text holds together: what stands in a tighter place gets parentheses. The steps are those of the grammar. */
const tightness = { comma: 1, assignment: 2, conditional: 3, unary: 15, update: 16, member: 18, primary: 19 };
const binaryTightness: Record<BinaryOperator | LogicalOperator, number> = {
  ...{ "??": 4, "||": 4, "&&": 5, "|": 6, "^": 7, "&": 8 },
  ...{ "==": 9, "!=": 9, "===": 9, "!==": 9 },
  ...{ "<": 10, "<=": 10, ">": 10, ">=": 10, in: 10, instanceof: 10 },
  ...{ "<<": 11, ">>": 11, ">>>": 11, "+": 12, "-": 12, "*": 13, "/": 13, "%": 13, "**": 14 },
};

type Printed = { text: string; tightness: number };

function print(expression: Expression, texts: Texts): Printed {
  if (expression === null || typeof expression !== "object") return printScalar(expression);
  const at = (inner: Expression, least: number) => within(print(inner, texts), least);
  switch (expression.kind) {
    case "bigint":
      return number(`${expression.digits}n`);
    case "regexp":
      return primary(`/${expression.source}/${expression.flags}`);
    case "variable": {
      const text = texts.get(expression.name);
      return text === undefined ? primary(sourceName(expression.name)) : { text, tightness: tightnessOfSource(text) };
    }
    case "class":
    case "global":
      return primary(expression.name);
    case "member": {
      const of = receiver(expression.of, texts);
      const dot = expression.optional ? "?." : "";
      const { key } = expression;
      return member(isName(key) ? `${of}${dot || "."}${key}` : `${of}${dot}[${print(key, texts).text}]`);
    }
    case "apply":
      return member(
        `${receiver(expression.callee, texts)}${expression.optional ? "?." : ""}(${printArguments(expression.args, texts)})`,
      );
    case "new": {
      const callee = at(expression.callee, tightness.member);
      return member(
        `new ${callee.includes("(") && !callee.startsWith("(") ? `(${callee})` : callee}(${printArguments(expression.args, texts)})`,
      );
    }
    case "chain":
      return print(expression.of, texts);
    case "unary": {
      const of = at(expression.of, tightness.unary);
      const apart =
        /\w$/.test(expression.op) || (of.startsWith(expression.op) && expression.op !== "!" && expression.op !== "~");
      return { text: `${expression.op}${apart ? " " : ""}${of}`, tightness: tightness.unary };
    }
    case "binary":
      return printBinary(expression.op, expression.left, expression.right, texts);
    case "logical":
      return printLogical(expression.op, expression.left, expression.right, texts);
    case "conditional": {
      const test = at(expression.test, tightness.conditional + 1);
      const [then, otherwise] = [at(expression.then, tightness.assignment), at(expression.else, tightness.assignment)];
      return { text: `${test} ? ${then} : ${otherwise}`, tightness: tightness.conditional };
    }
    case "assign":
      return {
        text: `${printPattern(expression.target, texts)} ${expression.op ?? ""}= ${at(expression.value, tightness.assignment)}`,
        tightness: tightness.assignment,
      };
    case "update": {
      const target = printPattern(expression.target, texts);
      return expression.prefix
        ? { text: `${expression.op}${target}`, tightness: tightness.unary }
        : { text: `${target}${expression.op}`, tightness: tightness.update };
    }
    case "template":
      return primary(
        `\`${expression.strings
          .map(
            (part, i) =>
              escapeTemplate(part) +
              (i < expression.values.length ? `\${${print(expression.values[i]!, texts).text}}` : ""),
          )
          .join("")}\``,
      );
    case "array":
      return primary(
        `[${expression.items.map((item) => printItem(item, texts)).join(", ")}${endsInHole(expression.items) ? "," : ""}]`,
      );
    case "object":
      return primary(braces(expression.entries.map((entry) => printEntry(entry, texts))));
    case "comma":
      return {
        text: expression.items.map((item) => at(item, tightness.assignment)).join(", "),
        tightness: tightness.comma,
      };
    case "arrow": {
      const params = [
        ...expression.params.map((param) => printPatternItem(param, texts)),
        ...(expression.rest ? [`...${printPattern(expression.rest, texts)}`] : []),
      ];
      const value = at(expression.value, tightness.assignment);
      return {
        text: `(${params.join(", ")}) => ${value.startsWith("{") ? `(${value})` : value}`,
        tightness: tightness.assignment,
      };
    }
  }
}

function printScalar(value: string | number | boolean | null): Printed {
  return typeof value === "number" ? number(String(value)) : primary(JSON.stringify(value));
}

function printBinary(op: BinaryOperator, left: Expression, right: Expression, texts: Texts): Printed {
  const own = binaryTightness[op];
  // `**` is the only one that binds to the right, and its left side may not be unary.
  const [leastLeft, leastRight] = op === "**" ? [tightness.update, own] : [own, own + 1];
  const text = `${within(print(left, texts), leastLeft)} ${op} ${within(print(right, texts), leastRight)}`;
  return { text, tightness: own };
}

/** The grammar wants parentheses between `??` and the other two. */
function printLogical(op: LogicalOperator, left: Expression, right: Expression, texts: Texts): Printed {
  const own = binaryTightness[op];
  const operand = (inner: Expression, least: number) => {
    const mixed =
      typeof inner === "object" && inner?.kind === "logical" && inner.op !== op && (op === "??" || inner.op === "??");
    return mixed ? `(${print(inner, texts).text})` : within(print(inner, texts), least);
  };
  return { text: `${operand(left, own)} ${op} ${operand(right, own + 1)}`, tightness: own };
}

/** What stands before a `.`, a `[` or a `(`. A chain ends where its parentheses end. */
function receiver(of: Expression, texts: Texts): string {
  if (typeof of === "object" && of?.kind === "chain") return `(${print(of, texts).text})`;
  return typeof of === "number" ? `(${of})` : within(print(of, texts), tightness.member);
}

function printArguments(args: Argument[], texts: Texts): string {
  return args.map((arg) => printItem(arg, texts)).join(", ");
}

function printItem(item: Item | Argument, texts: Texts): string {
  if (typeof item === "object" && item?.kind === "hole") return "";
  if (typeof item === "object" && item?.kind === "spread")
    return `...${within(print(item.of, texts), tightness.assignment)}`;
  return within(print(item, texts), tightness.assignment);
}

const endsInHole = (items: Item[]): boolean => {
  const last = items.at(-1);
  return typeof last === "object" && last?.kind === "hole";
};

function printEntry(entry: Entry, texts: Texts): string {
  if ("kind" in entry) return printItem(entry, texts);
  return property(entry.key, within(print(entry.value, texts), tightness.assignment), entry.value, texts);
}

/** `key: value`, or the name alone where both are the same. */
function property(key: Expression, text: string, value: Expression | Pattern, texts: Texts): string {
  const isVariable = typeof value === "object" && value?.kind === "variable";
  if (isVariable && isName(key) && (text === key || text.startsWith(`${key} = `))) return text;
  if (isName(key) || typeof key === "number") return `${key}: ${text}`;
  return typeof key === "string" ? `${JSON.stringify(key)}: ${text}` : `[${print(key, texts).text}]: ${text}`;
}

function printPatternItem({ target, default: value }: PatternItem, texts: Texts): string {
  const text = printPattern(target, texts);
  return value === undefined ? text : `${text} = ${within(print(value, texts), tightness.assignment)}`;
}

/**
 * A temporary's text is source, not a tree: names, members and calls hold together, `await` of such is unary, and whatever else gets
 * parentheses in all but the loosest places.
 */
function tightnessOfSource(text: string): number {
  const bare = text.replace(/^await\s+/, "");
  if (!holdsTogether(bare)) return tightness.assignment;
  return bare === text ? tightness.member : tightness.unary;
}

function holdsTogether(source: string): boolean {
  let depth = 0;
  for (const character of source.replaceAll("?.", ".")) {
    if ("([{".includes(character)) depth += 1;
    else if (")]}".includes(character)) depth -= 1;
    else if (depth === 0 && !/[\p{ID_Continue}$.]/u.test(character)) return false;
  }
  return true;
}

const primary = (text: string): Printed => ({ text, tightness: tightness.primary });
const member = (text: string): Printed => ({ text, tightness: tightness.member });
const number = (text: string): Printed => ({
  text,
  tightness: text.startsWith("-") ? tightness.unary : tightness.primary,
});
const within = (printed: Printed, least: number): string =>
  printed.tightness < least ? `(${printed.text})` : printed.text;
const braces = (entries: string[]): string => (entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`);
const isName = (key: Expression): key is string =>
  typeof key === "string" && /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key);
const escapeTemplate = (part: string): string => part.replace(/[\\`]|\$(?=\{)/g, "\\$&");
