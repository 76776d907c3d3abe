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

/** An expression → what it was, in words: it is printed behind the expression. */
export type Values = ReadonlyMap<Expression, string>;

/** `accuracy < target && depth < 8`, on one line; with values `accuracy 0.87 < target 0.95 && depth 3 < 8`. */
export function printExpression(expression: Expression, texts: Texts = new Map(), values: Values = new Map()): string {
  return print(expression, { texts, values }).text;
}

/** `{ train, test: [first, ...rest] }`. */
export function printPattern(pattern: Pattern, texts: Texts = new Map()): string {
  return printTarget(pattern, { texts, values: new Map() });
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
type Scalar = string | number | boolean | null;
type Notes = { texts: Texts; values: Values };

function print(expression: Expression, notes: Notes): Printed {
  if (expression === null || typeof expression !== "object") return printScalar(expression);
  const printed = printCompound(expression, notes);
  const value = notes.values.get(expression);
  return value === undefined ? printed : { ...printed, text: `${printed.text} ${value}` };
}

function printCompound(expression: Exclude<Expression, Scalar>, notes: Notes): Printed {
  const at = (inner: Expression, least: number) => within(print(inner, notes), least);
  switch (expression.kind) {
    case "bigint":
      return number(`${expression.digits}n`);
    case "regexp":
      return primary(`/${expression.source}/${expression.flags}`);
    case "variable": {
      const text = notes.texts.get(expression.name);
      return text === undefined ? primary(sourceName(expression.name)) : { text, tightness: tightnessOfSource(text) };
    }
    case "class":
    case "global":
      return primary(expression.name);
    case "member": {
      const of = receiver(expression.of, notes);
      const dot = expression.optional ? "?." : "";
      const { key } = expression;
      return member(isName(key) ? `${of}${dot || "."}${key}` : `${of}${dot}[${print(key, notes).text}]`);
    }
    case "apply":
      return member(
        `${receiver(expression.callee, notes)}${expression.optional ? "?." : ""}(${printArguments(expression.args, notes)})`,
      );
    case "new": {
      const callee = at(expression.callee, tightness.member);
      return member(
        `new ${callee.includes("(") && !callee.startsWith("(") ? `(${callee})` : callee}(${printArguments(expression.args, notes)})`,
      );
    }
    case "chain":
      return print(expression.of, notes);
    case "unary": {
      const of = at(expression.of, tightness.unary);
      const apart =
        /\w$/.test(expression.op) || (of.startsWith(expression.op) && expression.op !== "!" && expression.op !== "~");
      return { text: `${expression.op}${apart ? " " : ""}${of}`, tightness: tightness.unary };
    }
    case "binary":
      return printBinary(expression.op, expression.left, expression.right, notes);
    case "logical":
      return printLogical(expression.op, expression.left, expression.right, notes);
    case "conditional": {
      const test = at(expression.test, tightness.conditional + 1);
      const [then, otherwise] = [at(expression.then, tightness.assignment), at(expression.else, tightness.assignment)];
      return { text: `${test} ? ${then} : ${otherwise}`, tightness: tightness.conditional };
    }
    case "assign":
      return {
        text: `${printTarget(expression.target, notes)} ${expression.op ?? ""}= ${at(expression.value, tightness.assignment)}`,
        tightness: tightness.assignment,
      };
    case "update": {
      const target = printTarget(expression.target, notes);
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
              (i < expression.values.length ? `\${${print(expression.values[i]!, notes).text}}` : ""),
          )
          .join("")}\``,
      );
    case "array":
      return primary(
        `[${expression.items.map((item) => printItem(item, notes)).join(", ")}${endsInHole(expression.items) ? "," : ""}]`,
      );
    case "object":
      return primary(braces(expression.entries.map((entry) => printEntry(entry, notes))));
    case "comma":
      return {
        text: expression.items.map((item) => at(item, tightness.assignment)).join(", "),
        tightness: tightness.comma,
      };
    case "arrow": {
      const params = [
        ...expression.params.map((param) => printPatternItem(param, notes)),
        ...(expression.rest ? [`...${printTarget(expression.rest, notes)}`] : []),
      ];
      const value = at(expression.value, tightness.assignment);
      return {
        text: `(${params.join(", ")}) => ${value.startsWith("{") ? `(${value})` : value}`,
        tightness: tightness.assignment,
      };
    }
  }
}

function printScalar(value: Scalar): Printed {
  return typeof value === "number" ? number(String(value)) : primary(JSON.stringify(value));
}

function printBinary(op: BinaryOperator, left: Expression, right: Expression, notes: Notes): Printed {
  const own = binaryTightness[op];
  // `**` is the only one that binds to the right, and its left side may not be unary.
  const [leastLeft, leastRight] = op === "**" ? [tightness.update, own] : [own, own + 1];
  const text = `${within(print(left, notes), leastLeft)} ${op} ${within(print(right, notes), leastRight)}`;
  return { text, tightness: own };
}

/** The grammar wants parentheses between `??` and the other two. */
function printLogical(op: LogicalOperator, left: Expression, right: Expression, notes: Notes): Printed {
  const own = binaryTightness[op];
  const operand = (inner: Expression, least: number) => {
    const mixed =
      typeof inner === "object" && inner?.kind === "logical" && inner.op !== op && (op === "??" || inner.op === "??");
    return mixed ? `(${print(inner, notes).text})` : within(print(inner, notes), least);
  };
  return { text: `${operand(left, own)} ${op} ${operand(right, own + 1)}`, tightness: own };
}

/** What stands before a `.`, a `[` or a `(`. A chain ends where its parentheses end. */
function receiver(of: Expression, notes: Notes): string {
  if (typeof of === "object" && of?.kind === "chain") return `(${print(of, notes).text})`;
  return typeof of === "number" ? `(${of})` : within(print(of, notes), tightness.member);
}

function printArguments(args: Argument[], notes: Notes): string {
  return args.map((arg) => printItem(arg, notes)).join(", ");
}

function printItem(item: Item | Argument, notes: Notes): string {
  if (typeof item === "object" && item?.kind === "hole") return "";
  if (typeof item === "object" && item?.kind === "spread")
    return `...${within(print(item.of, notes), tightness.assignment)}`;
  return within(print(item, notes), tightness.assignment);
}

const endsInHole = (items: Item[]): boolean => {
  const last = items.at(-1);
  return typeof last === "object" && last?.kind === "hole";
};

function printEntry(entry: Entry, notes: Notes): string {
  if ("kind" in entry) return printItem(entry, notes);
  return property(entry.key, within(print(entry.value, notes), tightness.assignment), entry.value, notes);
}

/** `key: value`, or the name alone where both are the same. */
function property(key: Expression, text: string, value: Expression | Pattern, notes: Notes): string {
  const isVariable = typeof value === "object" && value?.kind === "variable";
  if (isVariable && isName(key) && (text === key || text.startsWith(`${key} = `))) return text;
  if (isName(key) || typeof key === "number") return `${key}: ${text}`;
  return typeof key === "string" ? `${JSON.stringify(key)}: ${text}` : `[${print(key, notes).text}]: ${text}`;
}

function printTarget(pattern: Pattern, notes: Notes): string {
  switch (pattern.kind) {
    case "variable":
      return sourceName(pattern.name);
    case "member":
      return print({ kind: "member", of: pattern.of, key: pattern.key }, notes).text;
    case "array":
      return `[${[
        ...pattern.items.map((item) => (item === null ? "" : printPatternItem(item, notes))),
        ...(pattern.rest ? [`...${printTarget(pattern.rest, notes)}`] : []),
      ].join(", ")}]`;
    case "object":
      return braces([
        ...pattern.entries.map(({ key, ...item }) => property(key, printPatternItem(item, notes), item.target, notes)),
        ...(pattern.rest ? [`...${printTarget(pattern.rest, notes)}`] : []),
      ]);
  }
}

function printPatternItem({ target, default: value }: PatternItem, notes: Notes): string {
  const text = printTarget(target, notes);
  return value === undefined ? text : `${text} = ${within(print(value, notes), tightness.assignment)}`;
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
