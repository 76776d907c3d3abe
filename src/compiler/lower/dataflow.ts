/**
 * Definition-use analysis: which variables a node reads and writes. A change of an object writes every variable that may share it; variables that may
 * share are found by following what is stored where, and numbers, strings and the like never share. Coarse on purpose: the edges
 * explain and are drawn, they do not order anything.
 */
import { mutators } from "../../model/builtins.ts";
import type { Expression, Pattern } from "../../model/expression.ts";
import type { Closure, LetNode, Node } from "../../model/node.ts";
import type { Graph } from "../../model/pipeline.ts";
import { declaredBy, expressionsOf, isObject, type Part, partsOf, regionsOf, sources, targets } from "./parts.ts";

export function addDataEdges(graph: Graph, primitives: ReadonlySet<string>): void {
  const analysis = new Analysis(primitives);
  analysis.share(graph.module);
  analysis.share(graph.body.nodes);
  analysis.region(graph.module);
  analysis.closure(graph.body);
}

/** Variables that something reads, assigns, changes in place, and declares. */
class Uses {
  readonly reads = new Set<string>();
  readonly writes = new Set<string>();
  readonly changes = new Set<string>();
  readonly declares = new Set<string>();

  add(inner: Uses): void {
    for (const name of inner.reads) this.reads.add(name);
    for (const name of inner.writes) this.writes.add(name);
    for (const name of inner.changes) this.changes.add(name);
    for (const name of inner.declares) this.declares.add(name);
  }

  /** What is seen from outside: nothing of what was declared inside. */
  outer(): Uses {
    const uses = new Uses();
    for (const name of this.reads) if (!this.declares.has(name)) uses.reads.add(name);
    for (const name of this.writes) if (!this.declares.has(name)) uses.writes.add(name);
    for (const name of this.changes) if (!this.declares.has(name)) uses.changes.add(name);
    return uses;
  }
}

class Analysis {
  readonly #primitives: ReadonlySet<string>;
  readonly #parent = new Map<string, string>();
  readonly #classes = new Map<string, string[]>();
  /** What calling a local function does, by its variable. */
  readonly #functions = new Map<string, Uses>();
  /** Kept methods: the temporary → the name of the method. */
  readonly #methods = new Map<string, string>();

  constructor(primitives: ReadonlySet<string>) {
    this.#primitives = primitives;
  }

  // Sharing

  share(nodes: readonly Node[]): void {
    for (const node of nodes) {
      if (node.kind === "let") this.noteMethod(node);
      if ((node.kind === "let" || node.kind === "await") && node.target && node.value !== undefined)
        this.join([...targets(node.target), ...sources(node.value)]);
      if (node.kind === "loop" && node.over) this.join([...targets(node.over.target), ...sources(node.over.value)]);
      if (node.kind === "each")
        this.join([node.into, ...sources(node.of), ...node.function.params.flatMap((p) => targets(p.target))]);
      if (node.kind === "call" && node.fn !== undefined) this.join([node.into, ...node.args.flatMap(sources)]);
      for (const region of regionsOf(node)) this.share(region);
    }
  }

  private noteMethod({ target, value = null }: LetNode): void {
    if (target?.kind === "variable" && isObject(value) && value.kind === "member" && typeof value.key === "string")
      this.#methods.set(target.name, value.key);
  }

  private join(names: string[]): void {
    const [first, ...rest] = names.filter((name) => !this.#primitives.has(name));
    if (first === undefined) return;
    for (const name of rest) this.#parent.set(this.find(name), this.find(first));
    this.find(first);
  }

  private find(name: string): string {
    let root = this.#parent.get(name) ?? name;
    while (root !== (this.#parent.get(root) ?? root)) root = this.#parent.get(root) as string;
    this.#parent.set(name, root);
    return root;
  }

  private sharers(name: string): string[] {
    if (this.#classes.size === 0)
      for (const each of this.#parent.keys()) {
        const root = this.find(each);
        this.#classes.set(root, [...(this.#classes.get(root) ?? []), each]);
      }
    return this.#classes.get(this.find(name)) ?? [name];
  }

  // Uses

  closure(fn: Closure): Uses {
    const uses = new Uses();
    for (const { target, default: fallback } of fn.params) {
      this.pattern(target, uses, true);
      if (fallback !== undefined) this.expression(fallback, uses);
    }
    if (fn.rest) this.pattern(fn.rest, uses, true);
    uses.add(this.region(fn.nodes));
    return uses.outer();
  }

  region(nodes: readonly Node[]): Uses {
    const uses = new Uses();
    for (const node of nodes)
      if (node.kind === "function") {
        const inner = this.closure(node.function);
        this.#functions.set(node.variable, inner);
      }
    for (const node of nodes) {
      const own = this.node(node);
      const seen = own.outer();
      const declared = declaredBy(node);
      const writes = new Set([...seen.writes, ...declared, ...[...seen.changes].flatMap((name) => this.sharers(name))]);
      node.reads = sorted(seen.reads);
      node.writes = sorted(writes).filter((name) => !own.declares.has(name) || declared.includes(name));
      uses.add(seen);
      for (const name of declared) uses.declares.add(name);
    }
    return uses;
  }

  private node(node: Node): Uses {
    const uses = new Uses();
    for (const part of expressionsOf(node)) this.expression(part, uses);
    if (node.kind === "let" || node.kind === "await") {
      if (node.target) this.pattern(node.target, uses, false);
    }
    if (node.kind === "loop" && node.over) this.pattern(node.over.target, uses, node.over.declare !== undefined);
    if (node.kind === "try" && node.catch?.target) this.pattern(node.catch.target, uses, true);
    if (node.kind === "each") uses.add(this.closure(node.function));
    if (node.kind === "function") uses.add(this.#functions.get(node.variable) ?? new Uses());
    if (node.kind !== "each" && node.kind !== "function") {
      // The parts of a loop share what its init and its turns declare.
      const inner = new Uses();
      for (const region of regionsOf(node)) inner.add(this.region(region));
      uses.add(inner);
    }
    return uses;
  }

  private expression(node: Part, uses: Uses): void {
    if (node === null || typeof node !== "object") return;
    switch (node.kind) {
      case "variable": {
        uses.reads.add(node.name);
        const called = this.#functions.get(node.name);
        if (called) uses.add(called);
        return;
      }
      case "assign":
        if (node.op !== undefined) for (const name of targets(node.target)) uses.reads.add(name);
        this.pattern(node.target, uses, false);
        return this.expression(node.value, uses);
      case "update":
        for (const name of targets(node.target)) uses.reads.add(name);
        return this.pattern(node.target, uses, false);
      case "unary":
        if (node.op === "delete") change(node.of, uses);
        return this.expression(node.of, uses);
      case "apply":
        this.method(node.callee, node.args, uses);
        break;
      case "arrow": {
        const inner = new Uses();
        for (const { target, default: fallback } of node.params) {
          this.pattern(target, inner, true);
          if (fallback !== undefined) this.expression(fallback, inner);
        }
        if (node.rest) this.pattern(node.rest, inner, true);
        this.expression(node.value, inner);
        return uses.add(inner.outer());
      }
      default:
        break;
    }
    for (const part of partsOf(node)) this.expression(part, uses);
  }

  /** `list.push(x)`, or `kept.call(list, x)` where `kept` is `list.push`. */
  private method(callee: Expression, args: readonly Part[], uses: Uses): void {
    if (!isObject(callee) || callee.kind !== "member") return;
    if (mutators.has(String(callee.key))) change(callee.of, uses);
    const kept = isObject(callee.of) && callee.of.kind === "variable" ? this.#methods.get(callee.of.name) : undefined;
    if (callee.key === "call" && kept !== undefined && mutators.has(kept)) change(args[0] as Expression, uses);
  }

  private pattern(node: Pattern, uses: Uses, declares: boolean): void {
    switch (node.kind) {
      case "variable":
        return void (declares ? uses.declares : uses.writes).add(node.name);
      case "member":
        change(node.of, uses);
        this.expression(node.of, uses);
        return this.expression(node.key, uses);
      case "object":
        for (const entry of node.entries) {
          this.expression(entry.key, uses);
          this.pattern(entry.target, uses, declares);
          if (entry.default !== undefined) this.expression(entry.default, uses);
        }
        break;
      case "array":
        for (const item of node.items) {
          if (item === null) continue;
          this.pattern(item.target, uses, declares);
          if (item.default !== undefined) this.expression(item.default, uses);
        }
        break;
    }
    if (node.rest) this.pattern(node.rest, uses, declares);
  }
}

/** A member of what a variable holds is changed. */
function change(node: Expression, uses: Uses): void {
  let root = node;
  while (isObject(root) && root.kind === "member") root = root.of;
  if (isObject(root) && root.kind === "variable") uses.changes.add(root.name);
}

const sorted = (names: Iterable<string>): string[] => [...names].sort();
