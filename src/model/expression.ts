/**
 * Expressions: the pure part of a body, as data. A JSON scalar stands for itself; everything else is an object with a `kind`.
 *
 * They are evaluated by the controller's interpreter (never by `eval`), and can be printed back as TypeScript. An expression never
 * starts a step and never waits: calls of steps and `await` are nodes of the graph (`node.ts`).
 */

export type Expression =
  | string
  | number
  | boolean
  | null
  /** `digits` may carry a minus sign. */
  | { kind: "bigint"; digits: string }
  /** A new RegExp object each time it is evaluated, as the language says. */
  | { kind: "regexp"; source: string; flags: string }
  /** A class of errors of the author's, by its name; only right of `instanceof`, for errors that steps threw. */
  | { kind: "class"; name: string }
  /** A local of the pipeline. Names are unique over the whole graph. */
  | Variable
  /** One of the fixed list of globals, `undefined`, `NaN` and `Infinity` among them. */
  | { kind: "global"; name: string }
  /** `of.key` and `of[key]`; with `optional`, `of?.key`, which ends the nearest `chain` around it. */
  | { kind: "member"; of: Expression; key: Expression; optional?: true }
  /** A call of a method of the fixed list, a global, or a local function. With `optional`, `callee?.(…)`. */
  | { kind: "apply"; callee: Expression; args: Argument[]; optional?: true }
  | { kind: "new"; callee: Expression; args: Argument[] }
  /** The extent of an optional chain: `a?.b.c` is one chain, `(a?.b).c` is a member of one. */
  | { kind: "chain"; of: Expression }
  | { kind: "unary"; op: UnaryOperator; of: Expression }
  | { kind: "binary"; op: BinaryOperator; left: Expression; right: Expression }
  | { kind: "logical"; op: LogicalOperator; left: Expression; right: Expression }
  | { kind: "conditional"; test: Expression; then: Expression; else: Expression }
  /** `op` is absent for `=`; `+` stands for `+=`, `??` for `??=`. A compound assignment has a variable or a member as its target. */
  | { kind: "assign"; op?: BinaryOperator | LogicalOperator; target: Pattern; value: Expression }
  | { kind: "update"; op: "++" | "--"; prefix: boolean; target: Pattern }
  | { kind: "template"; strings: string[]; values: Expression[] }
  | { kind: "array"; items: Item[] }
  | { kind: "object"; entries: Entry[] }
  | { kind: "comma"; items: Expression[] }
  /** A small pure function as a value. One with statements, or that starts steps, or is async, is a `function` node (`node.ts`). */
  | { kind: "arrow"; id: string; name?: string; params: PatternItem[]; rest?: Pattern; value: Expression };

export type Variable = { kind: "variable"; name: string };
export type Argument = Expression | Spread;
/** `null` would be the literal; a hole is a kind of its own. */
export type Item = Expression | Spread | { kind: "hole" };
export type Spread = { kind: "spread"; of: Expression };
export type Entry = { key: Expression; value: Expression } | Spread;

/** What stands left of `=`, in a declaration, a parameter, a loop head or a catch clause. */
export type Pattern =
  /** A local. */
  | { kind: "variable"; name: string }
  /** `of.key = …`; only in assignments, never in declarations. */
  | { kind: "member"; of: Expression; key: Expression }
  | { kind: "object"; entries: PatternEntry[]; rest?: Pattern }
  /** A `null` item skips one value. */
  | { kind: "array"; items: (PatternItem | null)[]; rest?: Pattern };

export type PatternEntry = { key: Expression } & PatternItem;
/** Also a parameter of a function: `default` is used where the value is `undefined`. */
export type PatternItem = { target: Pattern; default?: Expression };

export const unaryOperators = ["!", "-", "+", "~", "typeof", "void", "delete"] as const;
export type UnaryOperator = (typeof unaryOperators)[number];

// biome-ignore format: one row per family
export const binaryOperators = [
  "+", "-", "*", "/", "%", "**", "&", "|", "^", "<<", ">>", ">>>",
  "==", "!=", "===", "!==", "<", "<=", ">", ">=", "in", "instanceof",
] as const;
export type BinaryOperator = (typeof binaryOperators)[number];

export const logicalOperators = ["&&", "||", "??"] as const;
export type LogicalOperator = (typeof logicalOperators)[number];
