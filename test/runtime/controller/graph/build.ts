/** Graphs by hand: a short word for every kind of node and expression, with ids and names given where they matter. */
import type {
  Argument,
  BinaryOperator,
  Entry,
  Expression,
  Item,
  LogicalOperator,
  Pattern,
  PatternItem,
  UnaryOperator,
} from "../../../../src/model/expression.ts";
import type { Closure, LoopNode, Node } from "../../../../src/model/node.ts";
import type { Graph } from "../../../../src/model/pipeline.ts";

let ids = 0;
const id = (kind: string) => {
  ids += 1;
  return `${kind}${ids}`;
};

// Expressions

export const v = (name: string) => ({ kind: "variable", name }) as const;
export const g = (name: string): Expression => ({ kind: "global", name });
export const at = (of: Expression, key: Expression) => ({ kind: "member", of, key }) as const;
export const maybe = (of: Expression, key: Expression): Expression => ({ kind: "member", of, key, optional: true });
export const chain = (of: Expression): Expression => ({ kind: "chain", of });
export const ap = (callee: Expression, ...args: Argument[]): Expression => ({ kind: "apply", callee, args });
/** `of.key(...args)` */
export const does = (of: Expression, key: string, ...args: Argument[]): Expression => ap(at(of, key), ...args);
export const make = (name: string, ...args: Argument[]): Expression => ({ kind: "new", callee: g(name), args });
export const un = (op: UnaryOperator, of: Expression): Expression => ({ kind: "unary", op, of });
export const bin = (left: Expression, op: BinaryOperator, right: Expression): Expression => ({
  kind: "binary",
  op,
  left,
  right,
});
export const logic = (left: Expression, op: LogicalOperator, right: Expression): Expression => ({
  kind: "logical",
  op,
  left,
  right,
});
export const cond = (test: Expression, then: Expression, otherwise: Expression): Expression => ({
  kind: "conditional",
  test,
  then,
  else: otherwise,
});
export const to = (target: Pattern | string, value: Expression, op?: BinaryOperator | LogicalOperator): Expression => ({
  kind: "assign",
  ...(op && { op }),
  target: typeof target === "string" ? v(target) : target,
  value,
});
export const inc = (target: Pattern | string, op: "++" | "--" = "++", prefix = false): Expression => ({
  kind: "update",
  op,
  prefix,
  target: typeof target === "string" ? v(target) : target,
});
export const text = (strings: string[], ...values: Expression[]): Expression => ({ kind: "template", strings, values });
export const arr = (...items: Item[]): Expression => ({ kind: "array", items });
export const spread = (of: Expression) => ({ kind: "spread", of }) as const;
export const hole = { kind: "hole" } as const;
export const obj = (entries: Record<string, Expression> | Entry[]): Expression => ({
  kind: "object",
  entries: Array.isArray(entries) ? entries : Object.entries(entries).map(([key, value]) => ({ key, value })),
});
export const comma = (...items: Expression[]): Expression => ({ kind: "comma", items });
export const arrow = (params: (string | PatternItem)[], value: Expression): Expression => ({
  kind: "arrow",
  id: id("arrow"),
  params: params.map(param),
  value,
});
export const param = (given: string | PatternItem): PatternItem =>
  typeof given === "string" ? { target: v(given) } : given;

// Nodes

const target = (given: Pattern | string): Pattern => (typeof given === "string" ? v(given) : given);

export const constant = (given: Pattern | string, value: Expression): Node => ({
  kind: "let",
  id: id("let"),
  declare: "const",
  target: target(given),
  value,
});
export const variable = (given: Pattern | string, value?: Expression): Node => ({
  kind: "let",
  id: id("let"),
  declare: "let",
  target: target(given),
  ...(value !== undefined && { value }),
});
export const run = (value: Expression): Node => ({ kind: "let", id: id("let"), value });
/** Starts the step `template`; the promise is in `into`. */
export const start = (template: string, into: string, input?: Expression, callId = into): Node => ({
  kind: "call",
  id: callId,
  template,
  args: input === undefined ? [] : [input],
  into,
});
export const enter = (fn: string, into: string, ...args: Expression[]): Node => ({
  kind: "call",
  id: id("call"),
  fn: v(fn),
  args,
  into,
});
export const wait = (value: Expression, into?: Pattern | string, declare: "const" | "let" = "const"): Node => ({
  kind: "await",
  id: id("await"),
  value,
  ...(into !== undefined && { declare, target: target(into) }),
});
/** `const into = await template(input)` */
export const step = (template: string, into: string, input?: Expression): Node[] => [
  start(template, `$${into}`, input, into),
  wait(v(`$${into}`), into),
];
export const when = (test: Expression, then: Node[], otherwise?: Node[]): Node => ({
  kind: "branch",
  id: id("if"),
  cases: [{ when: test, nodes: then }],
  ...(otherwise && { otherwise: { nodes: otherwise } }),
});
export const loop = (form: LoopNode["form"], rest: Partial<Omit<LoopNode, "form" | "kind">>): Node => ({
  kind: "loop",
  id: id("loop"),
  form,
  nodes: [],
  ...rest,
});
export const test = (value: Expression, ...nodes: Node[]): LoopNode["test"] => ({ nodes, value });
export const of = (
  name: Pattern | string,
  value: Expression,
  declare: "const" | "let" = "const",
): LoopNode["over"] => ({
  value,
  declare,
  target: target(name),
});
export const attempt = (nodes: Node[], caught?: { as?: string; nodes: Node[] }, last?: Node[]): Node => ({
  kind: "try",
  id: id("try"),
  nodes,
  ...(caught && { catch: { ...(caught.as && { target: v(caught.as) }), nodes: caught.nodes } }),
  ...(last && { finally: last }),
});
export const block = (label: string, ...nodes: Node[]): Node => ({ kind: "block", id: id("block"), label, nodes });
export const fn = (variableName: string, params: (string | PatternItem)[], nodes: Node[], async = false): Node => ({
  kind: "function",
  id: id("function"),
  variable: variableName,
  function: closure(variableName, params, nodes, async),
});
export const closure = (
  closureId: string,
  params: (string | PatternItem)[],
  nodes: Node[],
  async = false,
): Closure => ({
  id: closureId,
  name: closureId,
  async,
  params: params.map(param),
  nodes,
});
export const each = (
  eachId: string,
  ofValue: Expression,
  method: string,
  func: Closure,
  into: string,
  ...args: Expression[]
): Node => ({
  kind: "each",
  id: eachId,
  of: ofValue,
  method,
  function: func,
  args,
  into,
});
export const ret = (value?: Expression): Node => ({
  kind: "return",
  id: id("return"),
  ...(value !== undefined && { value }),
});
export const fail = (value: Expression): Node => ({ kind: "throw", id: id("throw"), value });
export const leave = (label?: string): Node => ({ kind: "break", id: id("break"), ...(label && { label }) });
export const skip = (label?: string): Node => ({ kind: "continue", id: id("continue"), ...(label && { label }) });

export const graph = (...nodes: Node[]): Graph => ({
  order: "sequence",
  module: [],
  body: closure("main", ["params"], nodes, true),
});
/** A pipeline that only computes a value. */
export const value = (expression: Expression): Graph => graph(ret(expression));
