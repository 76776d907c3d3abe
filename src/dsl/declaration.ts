import type { Options } from "../model/options.ts";
import type { AuthorFunction } from "./author-function.ts";
import type { Place } from "./place.ts";
import { variableAt } from "./variable.ts";

/** A step, a pipeline or a template as its author declared it. */
export type Declared = {
  readonly kind: "step" | "pipeline" | "template";
  readonly options: Options;
  readonly run: AuthorFunction;
  /** Where; `undefined` for code that came from no file. */
  readonly place: () => Place | undefined;
  /** Of a step that is a method: the class on whose instances it runs, and its name there. */
  readonly method?: { readonly owner: object; readonly name: string };
};

/** What it says of itself to whoever compiles or runs it. Name and place are looked up when they are asked for. */
export type Declaration = Declared &
  Partial<Place> & {
    /** The option, else the variable that holds it, where the source is at hand, else the function's own name. */
    readonly name?: string;
  };

/** Global: a bundle has its own copy of this module, and other rooms read declarations without importing it. */
const key = Symbol.for("reprise.declaration");

/** Writes it on the function that stands for it, where nobody who prints or copies the function sees it. */
export function note(on: object, declared: Declared): Declaration {
  let name: { known: string | undefined } | undefined;
  const declaration: Declaration = {
    ...declared,
    get name() {
      name ??= { known: declared.options.name ?? variableAt(declared.place()) ?? (declared.run.name || undefined) };
      return name.known;
    },
    get file() {
      return declared.place()?.file;
    },
    get line() {
      return declared.place()?.line;
    },
    get column() {
      return declared.place()?.column;
    },
  };
  Object.defineProperty(on, key, { value: declaration });
  return declaration;
}

/** The declaration of a step or a pipeline; `undefined` for anything else. */
export function declarationOf(value: unknown): Declaration | undefined {
  const canHave = typeof value === "function" || (typeof value === "object" && value !== null);
  return canHave ? (value as { [key]?: Declaration })[key] : undefined;
}
