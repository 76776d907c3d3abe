/** What is in scope where a construct of a random program is written, and what may stand there. */

export type Scope = {
  numbers: string[];
  /** Those of the numbers that may be assigned. */
  mutable: string[];
  lists: string[];
  objects: string[];
  maps: string[];
  sets: string[];
  /** Expressions that are promises. */
  promises: string[];
  functions: { name: string; async: boolean }[];
  pipelines: string[];
  async: boolean;
  loop: boolean;
  breakable: boolean;
  labels: { name: string; loop: boolean }[];
  /** How deep functions are within functions: calls of calls must not explode. */
  depth: number;
  /** How often a pipeline that is called here may call further ones. */
  left: string;
  /** The counter of ticks, where a fibre counts them beside the body. */
  tick: string | undefined;
  /** In the class door, where steps are reached by `this`. */
  inClass: boolean;
  /** A pipeline that is called, whose errors reach the caller as data. */
  called: boolean;
  names: { count: number };
};

/** A construct, written where that is in scope. */
export type Text = (s: Scope) => string;

/** The same scope, where what is declared inside is not seen outside. */
export function within(s: Scope, changes: Partial<Scope> = {}): Scope {
  const { numbers, mutable, lists, objects, maps, sets, promises, functions } = s;
  const own = {
    numbers: [...numbers],
    mutable: [...mutable],
    lists: [...lists],
    objects: [...objects],
    maps: [...maps],
    sets: [...sets],
    promises: [...promises],
    functions: [...functions],
  };
  return { ...s, ...own, ...changes };
}

/** A function in that scope: no loop around it is its own. */
export function inFunction(s: Scope, async: boolean, params: string[] = []): Scope {
  const inside = within(s, { async, loop: false, breakable: false, labels: [], depth: s.depth + 1 });
  inside.numbers.push(...params);
  inside.mutable.push(...params);
  return inside;
}

/** A new name. */
export function fresh(s: Scope, letter: string): string {
  s.names.count += 1;
  return `${letter}${s.names.count}`;
}

/** One of those, whatever the index. */
export function pick<T>(from: readonly T[], index: number): T {
  return from[index % from.length] as T;
}

/** A step by its name, as this door calls it. */
export const step = (s: Scope, name: string): string => (s.inClass ? `this.${name}` : name);
