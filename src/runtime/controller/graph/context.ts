/**
 * Contexts: who calls. A context is a turn of a loop, an activation of a local function, or the run itself; the path of contexts that leads to a call
 * names its task, so that no interleaving can change the name.
 *
 * The rule, for every function of the author: its caller is the context that runs when it is invoked. A built-in that calls it at once
 * (`xs.map(f)`) is called by the context around it. What a promise calls later was handed over to it by `then`, `catch` or `finally`: the
 * context that did so is the caller. What is called by neither (the `then` of an object that is awaited) belongs to the context that made
 * the function. Activations count per caller and function; a small arrow has none of its own, it acts for its caller.
 */
import { activation, turn } from "../../../model/identity.ts";
import { type Fatal, IdentityError } from "./fatal.ts";
import type { Fuel } from "./fuel.ts";
import type { Host } from "./host.ts";

export type Run = {
  readonly host: Host;
  readonly fuel: Fuel;
  /** See `RunOptions`. */
  readonly goesOn?: boolean;
  /** Settles the run; what is still on the stack unwinds by the same error. */
  end(error: Fatal): never;
};

/**
 * The context of the code that runs now; undefined where none does. Whoever enters a context puts it here and puts back what was there, an
 * awaiting function at each suspension too.
 */
export const current: { context: Context | undefined } = { context: undefined };

/** The context of the code that runs now, for code that only a graph can reach. */
export const here = (): Context => current.context as Context;

type Segment = typeof turn | typeof activation;

/** So many calls may wait for each other, also where each awaits something first and so leaves the stack. */
const maxDepth = 1_000;

export class Context {
  readonly run: Run;
  readonly #parent: Context | undefined;
  readonly #segment: Segment;
  readonly #id: string;
  readonly #n: number;
  readonly #depth: number;
  #path: string | undefined;
  #activations: Map<string, number> | undefined;
  /** The first id that was claimed, as most contexts claim one, then all of them. */
  #claimed: string | Set<string> | undefined;

  constructor(run: Run, parent?: Context, segment: Segment = turn, id = "", n = 0) {
    this.run = run;
    this.#depth = parent === undefined ? 0 : parent.#depth + (segment === activation ? 1 : 0);
    this.#parent = parent;
    this.#segment = segment;
    this.#id = id;
    this.#n = n;
  }

  /** `loop1[3]/twice#2`; empty for the run itself. */
  get path(): string {
    this.#path ??= this.#parent === undefined ? "" : this.#parent.pathOf(this.#segment(this.#id, this.#n));
    return this.#path;
  }

  pathOf(id: string): string {
    const path = this.path;
    return path === "" ? id : `${path}/${id}`;
  }

  /** A node that names a segment is reached once in its context: the loop of an id, the call of an id. */
  claim(id: string): void {
    if (this.#claimed === undefined) this.#claimed = id;
    else {
      if (typeof this.#claimed === "string") this.#claimed = new Set([this.#claimed]);
      if (this.#claimed.has(id)) this.run.end(new IdentityError(this.pathOf(id)));
      this.#claimed.add(id);
    }
  }

  /** `weight`: see `weight.ts`. */
  turn(id: string, n: number, weight: number): Context {
    this.burn(weight);
    return new Context(this.run, this, turn, id, n);
  }

  /** Throws a RangeError, which the body may catch, at the end of a recursion without end. */
  activation(id: string, weight: number): Context {
    this.burn(weight);
    if (this.#depth === maxDepth)
      throw new RangeError(`"${id}" is called ${maxDepth} calls deep, and no deeper is possible: use a loop`);
    return new Context(this.run, this, activation, id, this.#next(id));
  }

  /** The path of the next reading of a source of chance or time here: `loop1[3]/Date.now#2`. */
  reading(source: string): string {
    return this.pathOf(activation(source, this.#next(source)));
  }

  burn(units: number): void {
    const { fuel } = this.run;
    fuel.left -= units;
    if (fuel.left < 0) this.run.end(fuel.exhausted());
  }

  #next(id: string): number {
    this.#activations ??= new Map();
    const n = (this.#activations.get(id) ?? 0) + 1;
    this.#activations.set(id, n);
    return n;
  }
}
