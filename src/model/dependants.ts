/**
 * Which calls of a graph depend on others: they take a value that was made from one, or run where a decision was made that looked at one. Found without
 * running it, by what nodes read and write; where that cannot tell, a call is taken to depend.
 */
import type { Expression, Pattern, Variable } from "./expression.ts";
import { parseSegment, segments } from "./identity.ts";
import type { Closure, Node } from "./node.ts";
import type { Graph } from "./pipeline.ts";
import { withoutAttempt } from "./rerun.ts";

/** What calls are known by in a graph, from the path of a task that one has made: `loop1[3]/fit` → `loop1/fit`, `loop1[3]/twice#2/inc` → `twice#/inc`. */
export function callOf(path: string): string {
  return segments(withoutAttempt(path))
    .reduce((around, segment) => {
      const { id, activation } = parseSegment(segment);
      return activation === undefined ? `${around}${id}/` : `${id}#/`;
    }, "")
    .slice(0, -1);
}

/** `sources` and what it gives are calls as `callOf` names them. A source is given too where it depends on one, as in a loop. */
export function dependants(graph: Graph, sources: ReadonlySet<string>): ReadonlySet<string> {
  const flow = new Flow(sources);
  for (let size = -1; size !== flow.size; ) {
    size = flow.size;
    flow.region(graph.module, "", false);
    flow.closure(graph.body, "", false);
  }
  return flow.calls;
}

/** What a source has reached. It only grows: the graph is followed until nothing is added. */
class Flow {
  readonly calls = new Set<string>();
  readonly #sources: ReadonlySet<string>;
  readonly #variables = new Set<string>();
  /** Variables of functions that give what depends, or do something to it: whoever calls one gets it, but is not why it is called. */
  readonly #giving = new Set<string>();
  /** Functions that are called, and loops that are left, where something depends. */
  readonly #driven = new Set<object>();
  readonly #functions = new Map<string, Closure>();

  constructor(sources: ReadonlySet<string>) {
    this.#sources = sources;
  }

  get size(): number {
    return this.calls.size + this.#variables.size + this.#giving.size + this.#driven.size;
  }

  closure({ params, rest, nodes }: Closure, path: string, driven: boolean): void {
    if (driven) this.#mark(params, rest);
    this.region(nodes, path, driven);
  }

  /** `driven`: whether it runs at all depends. Gives whether what follows it does too, as it may be left by a way out. */
  region(nodes: readonly Node[], path: string, driven: boolean): boolean {
    let left = false;
    for (const node of nodes) left = this.#node(node, path, driven || left) || left;
    return left;
  }

  #node(node: Node, path: string, driven: boolean): boolean {
    switch (node.kind) {
      case "call": {
        const call = path + node.id;
        const depends = driven || this.#drives(node, node.fn, node.args);
        if (driven) this.#drive(node.fn, node.args);
        if (depends && node.template !== undefined) this.calls.add(call);
        if (depends || this.#sources.has(call)) this.#variables.add(node.into);
        return false;
      }
      case "timer":
        if (driven || this.#reads(node.after, node.until)) this.#variables.add(node.into);
        return false;
      case "signal":
        if (driven || this.#reads(node.name, node.options)) this.#variables.add(node.into);
        return false;
      case "await":
      case "let": {
        const pairs = driven ? undefined : pairsOf(node);
        if (pairs) for (const [target, value] of pairs) this.#mark(this.#reads(value) ? target : null);
        else {
          if (driven) this.#drive(node.value);
          if (driven || this.#drives(node, node.value)) this.#mark(node.target, (node.writes ?? []).map(variable));
        }
        return false;
      }
      case "branch": {
        const decided =
          driven ||
          this.#reads(
            node.on,
            node.cases.map(({ when }) => when),
          );
        const regions = [...node.cases, ...(node.otherwise ? [node.otherwise] : [])];
        const left = regions.map(({ nodes }) => this.region(nodes, path, decided)).includes(true);
        if (node.into !== undefined && (decided || this.#reads(regions))) this.#variables.add(node.into);
        return left;
      }
      case "loop": {
        const { init = [], test, update = [], over, state } = node;
        const inside = `${path}${node.id}/`;
        const turns = driven || this.#driven.has(node) || this.#reads(test, over?.value, state?.value);
        if (turns) this.#mark(over?.target);
        if (state && (turns || this.#reads(node.nodes))) this.#mark(state.target);
        if (node.into !== undefined && (turns || this.#reads(node.nodes))) this.#variables.add(node.into);
        const left = [init, test?.nodes ?? [], node.nodes, update].map((nodes) => this.region(nodes, inside, turns));
        if (left.includes(true)) this.#driven.add(node);
        return left.includes(true);
      }
      case "each": {
        const turns = driven || this.#drives(node, node.of, node.args);
        this.closure(node.function, `${path}${node.id}/`, turns);
        if (turns || this.#reads(node.function)) this.#variables.add(node.into);
        return false;
      }
      case "try": {
        const left = this.region(node.nodes, path, driven);
        const fails = driven || this.#reads(node.nodes);
        if (fails) this.#mark(node.catch?.target);
        const caught = this.region(node.catch?.nodes ?? [], path, fails);
        if (node.into !== undefined && (fails || this.#reads(node.catch))) this.#variables.add(node.into);
        return this.region(node.finally ?? [], path, driven) || left || caught;
      }
      case "block":
        return this.region(node.nodes, path, driven);
      case "function":
        this.#functions.set(node.variable, node.function);
        this.closure(node.function, `${node.function.id}#/`, this.#driven.has(node.function));
        if (this.#reads(node.function)) this.#giving.add(node.variable);
        return false;
      case "return":
      case "throw":
      case "break":
      case "continue":
        return driven;
    }
  }

  /** Whether the node, of which these are parts, reads what depends; functions that they name may then be called because of it. */
  #drives({ reads = [] }: Node, ...parts: unknown[]): boolean {
    const named = [...reads, ...variablesIn(parts)];
    const depends = named.some((name) => this.#variables.has(name));
    if (depends) this.#drive(...parts);
    return depends || named.some((name) => this.#giving.has(name));
  }

  #drive(...parts: unknown[]): void {
    for (const name of variablesIn(parts)) {
      const called = this.#functions.get(name);
      if (called !== undefined) this.#driven.add(called);
    }
  }

  #reads(...parts: unknown[]): boolean {
    for (const name of variablesIn(parts)) if (this.#variables.has(name) || this.#giving.has(name)) return true;
    return false;
  }

  /** What the patterns set. */
  #mark(...patterns: unknown[]): void {
    for (const name of variablesIn(patterns)) this.#variables.add(name);
  }
}

const variable = (name: string) => ({ kind: "variable", name }) as const;

/** `[a, b] = await Promise.all([x, y])`: each of the targets gets one of the values, and nothing of the others. */
function pairsOf({
  kind,
  target,
  value,
}: Extract<Node, { kind: "await" | "let" }>): [Pattern, Expression][] | undefined {
  const list = kind === "await" ? allOf(value) : undefined;
  if (list === undefined || target?.kind !== "array" || target.rest !== undefined) return undefined;
  const values = list.items.filter(isVariable);
  if (values.length < list.items.length || target.items.some((item) => item?.default !== undefined)) return undefined;
  return target.items.flatMap((item, i) => (item === null || !values[i] ? [] : [[item.target, values[i]]]));
}

function allOf(value: Expression | undefined): Extract<Expression, { kind: "array" }> | undefined {
  if (typeof value !== "object" || value?.kind !== "apply") return undefined;
  const { callee, args } = value;
  const isAll =
    JSON.stringify(callee) === JSON.stringify({ kind: "member", of: { kind: "global", name: "Promise" }, key: "all" });
  const [list] = args;
  return isAll && typeof list === "object" && list?.kind === "array" ? list : undefined;
}

const isVariable = (item: unknown): item is Variable =>
  typeof item === "object" && item !== null && (item as { kind?: unknown }).kind === "variable";

/** Names of variables, wherever they stand in expressions, patterns and nodes. */
function* variablesIn(part: unknown): Generator<string> {
  if (Array.isArray(part)) for (const each of part) yield* variablesIn(each);
  else if (typeof part === "object" && part !== null) {
    const { kind, name } = part as { kind?: unknown; name?: unknown };
    if (kind === "variable" && typeof name === "string") yield name;
    else for (const each of Object.values(part)) yield* variablesIn(each);
  }
}
