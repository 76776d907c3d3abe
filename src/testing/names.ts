import { declarationOf } from "../dsl/declaration.ts";
import { nearest } from "../model/nearest.ts";
import type { Pipeline } from "../model/pipeline.ts";
import { sourceName } from "../model/print-expression.ts";
import { TestError } from "./error.ts";

/** The names by which a test may speak of what the pipeline calls: the steps' own, and those that they are exported by. */
export class Names {
  readonly #pipeline: string;
  readonly #templates: ReadonlySet<string>;
  readonly #own: ReadonlySet<string>;
  readonly #exported: ReadonlyMap<string, string>;

  constructor({ name, templates }: Pipeline, beside: object) {
    this.#pipeline = name;
    this.#templates = new Set(Object.keys(templates));
    this.#own = new Set(Object.keys(templates).map(sourceName));
    const named = Object.entries(beside).map(([key, value]) => [key, declarationOf(value)?.name] as const);
    this.#exported = new Map(named.filter((pair): pair is [string, string] => pair[1] !== undefined));
  }

  /** The step's own name; for one of several steps of a name, `fit$2`, that of its template. Throws a TestError where there is none. */
  find(name: string, where: string): string {
    const own = this.#exported.get(name) ?? name;
    if (this.#own.has(own) || this.#templates.has(own)) return own;
    const meant = nearest(name, this.#own);
    const names = [...this.#own].join(", ");
    const help = meant ? `did you mean "${meant}"?` : names === "" ? "it calls nothing" : `it calls ${names}`;
    throw new TestError(`${where}: the pipeline "${this.#pipeline}" calls no step "${name}": ${help}`);
  }
}

/** Does a template have that name, its own or that of its step? */
export const isOf = (name: string, template: string): boolean => template === name || sourceName(template) === name;
