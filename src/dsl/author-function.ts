/** What a step or a pipeline is made of: a function of one object, or of nothing. */
export type AuthorFunction = (input: never) => unknown;

/**
 * `unknown` where `F` is an async one; else a text that the type error shows in place of a type. It stands beside `F`
 * in a parameter (`fn: F & Checked<F, "step">`), so that `F` stays exactly what the author wrote: generic, with its
 * optional fields, with plain types.
 */
export type Checked<F, Noun extends string> = unknown extends F
  ? unknown // The function itself has a type error; one is enough.
  : F extends (...args: infer Args) => infer Result
    ? Result extends Promise<unknown>
      ? Args extends [input?: object]
        ? unknown
        : `a ${Noun} takes one object, or nothing: write async ({ a, b }: { a: A; b: B }) => …`
      : `a ${Noun} is an async function: write async () => …`
    : F extends object
      ? `these are no options of a ${Noun}, and no async function: write async () => …`
      : `a ${Noun} is made of an async function: write async () => …`;
