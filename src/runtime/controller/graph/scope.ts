/** Scopes: where the values of variables live while a graph runs, and how a name finds its slot when the graph is loaded. */

/** Slot 0 is the enclosing scope. */
export type Scope = unknown[];

/** The value of a variable before its declaration was reached. */
export const unset: unique symbol = Symbol("unset");

export type Declared = { name: string; constant: boolean };

/** Where a variable is, seen from some place: so many scopes out, in that slot. */
export type Found = { hops: number; slot: number; constant: boolean };

/** The names of a scope, known before it ever exists. */
export class Names {
  readonly #outer: Names | undefined;
  readonly #slots = new Map<string, { slot: number; constant: boolean }>();
  readonly #blank: Scope = [undefined];

  constructor(outer: Names | undefined, declared: readonly Declared[]) {
    this.#outer = outer;
    for (const { name, constant } of declared) {
      if (this.#slots.has(name)) continue;
      this.#slots.set(name, { slot: this.#blank.length, constant });
      this.#blank.push(unset);
    }
  }

  /** A scope of its own only where something is declared. */
  static within(outer: Names, declared: readonly Declared[]): Names {
    return declared.length === 0 ? outer : new Names(outer, declared);
  }

  find(name: string): Found | undefined {
    let hops = 0;
    for (let names: Names | undefined = this; names !== undefined; names = names.#outer) {
      const found = names.#slots.get(name);
      if (found !== undefined) return { hops, ...found };
      hops += 1;
    }
    return undefined;
  }

  /** A new scope, every variable unset. */
  open(outer: Scope | undefined): Scope {
    const scope = this.#blank.slice();
    scope[0] = outer;
    return scope;
  }
}

export function scopeAt(scope: Scope, hops: number): Scope {
  for (let i = 0; i < hops; i += 1) scope = scope[0] as Scope;
  return scope;
}
