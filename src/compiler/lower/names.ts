/** Names: of variables, unique over the whole graph; of nodes, unique within the function or loop body that holds them. */
import type { ts } from "ts-morph";

export class Names {
  readonly #taken = new Set<string>();
  readonly #bySymbol = new Map<ts.Symbol, string>();
  #temporaries = 0;

  /** The variable of an author's symbol: its own name, or `name$2` where that is taken by another. */
  of(symbol: ts.Symbol, text = symbol.name): string {
    let name = this.#bySymbol.get(symbol);
    if (name === undefined) {
      name = this.fresh(text);
      this.#bySymbol.set(symbol, name);
    }
    return name;
  }

  /** A variable that the author did not write. */
  fresh(name: string): string {
    const unique = numbered(name, this.#taken, "$");
    this.#taken.add(unique);
    return unique;
  }

  /** `$1`, `$2` …: an operand, kept while a later one is awaited. */
  temporary(): string {
    this.#temporaries += 1;
    return this.fresh(`$${this.#temporaries}`);
  }
}

/** The ids of one function or loop body. */
export class Ids {
  readonly #taken = new Set<string>();
  readonly #counts = new Map<string, number>();

  /** `best`, then `best2` … */
  named(name: string): string {
    const [readable = ""] = /^.{0,100}/u.exec(name.replace(/[^\p{L}\p{N}_$-]+/gu, "_")) ?? [];
    const id = numbered(readable || "_", this.#taken, "");
    this.#taken.add(id);
    return id;
  }

  /** `loop1`, `loop2` … */
  counted(kind: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return this.named(`${kind}${count}`);
  }
}

function numbered(name: string, taken: ReadonlySet<string>, between: string): string {
  if (!taken.has(name)) return name;
  for (let n = 2; ; n += 1) {
    const candidate = `${name}${between}${n}`;
    if (!taken.has(candidate)) return candidate;
  }
}
