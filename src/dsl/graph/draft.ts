/** A draft: the graph as far as its author has put it together. */
import type { Blueprint } from "../../model/blueprint.ts";
import type { Expression, Variable } from "../../model/expression.ts";
import type { Node, SignalNode } from "../../model/node.ts";
import type { Options } from "../../model/options.ts";
import { declarationOf } from "../declaration.ts";
import type { Place } from "../place.ts";
import { expressionOf } from "./expression.ts";
import { type Ref, refer } from "./reference.ts";

/** `ids`: those of the nearest turn around, as a branch has no part in the names of tasks. */
type Region = { name: string; nodes: Node[]; ids: Set<string> };

export type Placed = () => Place | undefined;

export class Draft {
  readonly #options: Options & { name: string };
  readonly #params: Blueprint["params"] = [];
  readonly #callees = new Map<unknown, number>();
  readonly #variables = new Map<object, Region>();
  readonly #names = new Set<string>();
  readonly #places: [Node, Placed][] = [];
  readonly #sent: Blueprint["sent"] = [];
  readonly #regions: [Region, ...Region[]];
  #isComplete = false;

  constructor(options: Options & { name: string }) {
    this.#options = options;
    this.#regions = [{ name: options.name, nodes: [], ids: new Set() }];
  }

  get name(): string {
    return this.#options.name;
  }

  get isInside(): boolean {
    return this.#regions.length > 1;
  }

  param(name: string, schema: unknown): Variable {
    if (this.#params.some((param) => param.name === name)) throw new TypeError(`the graph has two params "${name}"`);
    const variable = this.variable(name);
    this.#params.push({ name, variable: variable.name, schema });
    return variable;
  }

  /** A variable of the region that is being written. Its name is one of the language's, unique in the graph, and reads like `name`. */
  variable(name: string): Variable {
    const word = identifier(name);
    let unique = word;
    for (let n = 2; this.#names.has(unique); n += 1) unique = `${word}$${n}`;
    this.#names.add(unique);
    const variable: Variable = { kind: "variable", name: unique };
    this.#variables.set(variable, this.#region);
    return variable;
  }

  /** The id of a node, which is the name that its author gave. Throws a TypeError where it is no name, or is taken. */
  claim(name: string): string {
    if (typeof name !== "string" || !/^[^\s\p{C}/[\]#]+(?: [^\s\p{C}/[\]#]+)*$/u.test(name) || name.length > 200)
      throw new TypeError(
        `${JSON.stringify(name)} is no name for a node: take some words, without "/", "#", "[" and "]"`,
      );
    const { ids } = this.#region;
    if (ids.has(name)) throw new TypeError(`the graph has two nodes "${name}": give each a name of its own`);
    ids.add(name);
    return name;
  }

  /** What the graph calls by `index`. Throws a TypeError where it is neither step nor pipeline. */
  callee(step: unknown, node: string): string {
    if (declarationOf(step) === undefined)
      throw new TypeError(`"${node}" takes a step or a pipeline: make the function a step first, by step(async …)`);
    const index = this.#callees.get(step) ?? this.#callees.size;
    this.#callees.set(step, index);
    return String(index);
  }

  add(node: Node, place?: Placed): void {
    if (this.#isComplete) throw new TypeError(`"${node.id}" comes too late: g.returns(…) ends the graph`);
    this.#region.nodes.push(node);
    if (place) this.#places.push([node, place]);
  }

  /** The names of the variables in expressions, sorted. Throws a TypeError where one of them cannot be seen from here. */
  reads(expressions: readonly Expression[]): string[] {
    const found = new Set<string>();
    for (const expression of expressions)
      for (const variable of variablesIn(expression)) {
        this.#check(variable);
        found.add(variable.name);
      }
    return [...found].sort();
  }

  /** A reference to what a node makes. */
  reference<T>(variable: Variable, text = variable.name): Ref<T> {
    return refer<T>(variable, text);
  }

  /** The nodes that `write` adds, and what the region is worth: the value that it gives. `isTurn`: its names are its own. */
  region(name: string, isTurn: boolean, write: () => unknown, what: string): Node[] {
    const ids = isTurn ? new Set<string>() : this.#region.ids;
    const region: Region = { name, nodes: [], ids };
    this.#regions.push(region);
    try {
      const value = write();
      if (value instanceof Promise)
        throw new TypeError(`${what} is async: it is called once, now, to put nodes together`);
      const worth = expressionOf(value, what);
      region.nodes.push({ kind: "return", id: "return", value: worth, reads: this.reads([worth]), writes: [] });
      return region.nodes;
    } finally {
      this.#regions.pop();
    }
  }

  /** What a signal is to bring. */
  sent(node: SignalNode, schema: unknown): void {
    this.#sent.push({ node, schema });
  }

  /** A condition on what is there only later, as a function of the graph, and what else it reads. */
  predicate(name: string, write: (given: Variable) => unknown): { arrow: Expression; reads: string[] } {
    const what = `the predicate of "${name}"`;
    let given: Variable | undefined;
    const [first, ...more] = this.region(
      name,
      true,
      () => {
        given = this.variable("point");
        return write(given);
      },
      what,
    );
    if (first?.kind !== "return" || more.length > 0)
      throw new TypeError(`${what} adds nodes: it is asked for every point, and can start nothing`);
    const { value = null, reads = [] } = first;
    const target = given!;
    return {
      arrow: { kind: "arrow", id: target.name, params: [{ target }], value },
      reads: reads.filter((read) => read !== target.name),
    };
  }

  complete(value: Expression): void {
    if (this.isInside)
      throw new TypeError("g.returns(…) stands outside of branches and loops: they give their own values");
    if (this.#isComplete) throw new TypeError("g.returns(…) was called twice");
    this.add({ kind: "return", id: "return", value, reads: this.reads([value]), writes: [] });
    this.#isComplete = true;
  }

  blueprint(): Blueprint {
    for (const [node, placed] of this.#places.splice(0)) {
      const place = placed();
      if (place) node.at = `${place.file}:${place.line}:${place.column}`;
    }
    const [{ nodes }] = this.#regions;
    return {
      options: this.#options,
      params: this.#params,
      nodes,
      sent: this.#sent,
      callees: [...this.#callees.keys()] as object[],
    };
  }

  get #region(): Region {
    return this.#regions.at(-1)!;
  }

  #check(variable: Variable): void {
    const made = this.#variables.get(variable);
    if (made === undefined)
      throw new TypeError(
        `${variable.name} belongs to another graph than "${this.name}": a reference is for its own graph`,
      );
    if (!this.#regions.includes(made))
      throw new TypeError(
        `${variable.name} was made inside "${made.name}", and cannot be read outside of it: give it from there, and read what "${made.name}" gives`,
      );
  }
}

function* variablesIn(part: unknown): Generator<Variable> {
  if (typeof part !== "object" || part === null) return;
  if ("kind" in part && part.kind === "variable") yield part as Variable;
  else for (const inner of Object.values(part)) yield* variablesIn(inner);
}

/** `good enough` → `goodEnough`, `fit-3` → `fit3`. */
function identifier(name: string): string {
  const [first = "", ...rest] = name.split(/[^\p{ID_Continue}]+/u).filter(Boolean);
  const word = first + rest.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join("");
  return /^\p{ID_Start}/u.test(word) ? word : `_${word}`;
}
