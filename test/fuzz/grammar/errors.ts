/** Errors: thrown, caught, looked at. */
import { fresh, within } from "../scope.ts";
import { type Form, flag, form, index, maybe, type Parts } from "./form.ts";

export const errors = ({ value, test, statements }: Parts): Form[] => [
  form(2, { when: test, value, how: index }, ({ when, value, how }, s) => {
    const x = value(s);
    const thrown = [
      `new Error("e" + ${x})`,
      `new RangeError("r" + ${x}, { cause: new TypeError("why") })`,
      `new AggregateError([new Error("one"), ${x}], "all of " + ${x})`,
      // Only errors pass from a pipeline to its caller as they are.
      ...(s.called ? [] : [`{ thrown: ${x} }`, x]),
    ];
    return `if (${when(s)}) throw ${thrown[how % thrown.length]};`;
  }),
  form(
    4,
    { body: statements, handler: maybe(statements), last: maybe(statements), names: flag },
    ({ body, handler, last, names }, s) => {
      const tried = body(within(s));
      const finish = last === null ? "" : ` finally { ${last(within(s))} }`;
      if (handler === null && last !== null) return `try { ${tried} }${finish}`;
      const e = fresh(s, "e");
      const head = names ? ` catch (${e}: any) { ${told(e)}` : " catch {";
      return `try { ${tried} }${head} ${handler?.(within(s)) ?? ""} }${finish}`;
    },
  ),
  form(1, { body: statements }, ({ body }, s) => {
    const [message, cause] = [fresh(s, "message"), fresh(s, "cause")];
    return `try { ${body(within(s))} throw new Error("the end", { cause: 1 }); } catch ({ message: ${message}, cause: ${cause} = "none" }: any) { out.push(${message}?.length, typeof ${cause}); }`;
  }),
];

/** Names, classes and causes of errors; messages of the engine's own are nobody's promise. */
const told = (e: string): string =>
  `out.push(${e} instanceof Error ? ${e}.name + (${e} instanceof TypeError ? "" : ${e}.message) : ${e}, ${e} instanceof NotReady, ${e} instanceof RangeError, ${e}?.cause?.name);`;
