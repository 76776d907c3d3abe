/**
 * Random programs, as trees that fast-check makes and shrinks. A tree says what stands where; `print.ts` writes it as TypeScript and sees to it that
 * every program compiles and ends. References are numbers, taken modulo what is in scope where they are printed.
 */
import fc from "fast-check";

export type Value =
  | { is: "number"; n: number }
  | { is: "ref"; to: number }
  | { is: "binary"; op: number; a: Value; b: Value }
  | { is: "step"; step: number; input: Value }
  | { is: "field"; of: number; which: number; deep: boolean }
  | { is: "ternary"; test: Test; a: Value; b: Value }
  | { is: "logical"; op: number; a: Value; b: Value }
  | { is: "assign"; to: number; op: number; value: Value }
  | { is: "update"; to: number; prefix: boolean; up: boolean }
  | { is: "set field"; of: number; op: number; value: Value }
  | { is: "call"; to: number; args: Value[] }
  | { is: "method"; which: number; of: number; args: Value[] }
  | { is: "chain"; of: number; which: number; args: Value[] }
  | { is: "await promise"; to: number }
  | { is: "combine"; how: number; parts: Value[] }
  | { is: "fan out"; how: number; over: number; body: Statement[]; value: Value }
  | { is: "immediately"; body: Statement[]; value: Value; async: boolean }
  | { is: "wait"; how: number; value: Value }
  | { is: "chance"; source: number; value: Value }
  | { is: "comma"; a: Value; b: Value }
  | { is: "length"; how: number; parts: Value[] };

export type Test = { op: number; a: Value; b: Value };

export type Statement =
  | { is: "declare"; mutable: boolean; value: Value }
  | { is: "list"; parts: Value[]; spread: number }
  | { is: "object"; parts: Value[]; spread: number; alias: boolean }
  | { is: "alias"; of: number; list: boolean }
  | { is: "destructure"; form: number; of: number; fallback: Value }
  | { is: "do"; value: Value }
  | { is: "out"; parts: Value[] }
  | { is: "push"; to: number; value: Value }
  | { is: "promise"; value: Value }
  | { is: "if"; test: Test; then: Statement[]; else: Statement[] | null }
  | { is: "loop"; form: number; turns: number; test: Test; body: Statement[]; label: boolean; closes: boolean }
  | { is: "switch"; on: Value; cases: { body: Statement[]; leaves: boolean; fallback: boolean }[] }
  | { is: "block"; body: Statement[]; leaves: Test | null }
  | { is: "leave"; how: number; when: Test; far: boolean }
  | { is: "return"; when: Test; value: Value }
  | { is: "throw"; when: Test; value: Value; how: number }
  | { is: "try"; body: Statement[]; handler: Statement[] | null; last: Statement[] | null; names: boolean }
  | {
      is: "function";
      async: boolean;
      hoisted: boolean;
      params: number;
      fallback: boolean;
      body: Statement[];
      value: Value;
    }
  | { is: "handle"; step: number; value: Value; abort: boolean; detached: boolean }
  | { is: "later"; on: number; how: number; value: Value }
  | { is: "shadow"; value: Value; body: Statement[] };

export type Program = { body: Statement[]; value: Value; ticking: number };

const index = fc.nat(7);
const small = fc.nat(3);

const { value, statement, program } = fc.letrec<{
  value: Value;
  leaf: Value;
  test: Test;
  statement: Statement;
  statements: Statement[];
  program: Program;
}>((tie) => {
  const record = <T extends Value | Statement>(is: T["is"], rest: object) =>
    fc.record({ is: fc.constant(is), ...rest } as never) as unknown as fc.Arbitrary<T>;
  const values = (max: number) => fc.array(tie("value"), { maxLength: max });
  const some = fc.array(tie("statement"), { minLength: 1, maxLength: 3, depthIdentifier: "statement" });
  const leaf = fc.oneof(record<Value>("number", { n: fc.nat(6) }), record<Value>("ref", { to: index }));
  return {
    leaf,
    test: fc.record({ op: fc.nat(5), a: tie("value"), b: tie("leaf") }),
    value: fc.oneof(
      { depthSize: "small", depthIdentifier: "value", withCrossShrink: true },
      { weight: 6, arbitrary: leaf },
      { weight: 3, arbitrary: record<Value>("binary", { op: fc.nat(9), a: tie("value"), b: tie("value") }) },
      { weight: 8, arbitrary: record<Value>("step", { step: small, input: tie("value") }) },
      { weight: 2, arbitrary: record<Value>("field", { of: index, which: small, deep: fc.boolean() }) },
      { weight: 2, arbitrary: record<Value>("ternary", { test: tie("test"), a: tie("value"), b: tie("value") }) },
      { weight: 3, arbitrary: record<Value>("logical", { op: fc.nat(2), a: tie("value"), b: tie("value") }) },
      { weight: 2, arbitrary: record<Value>("assign", { to: index, op: fc.nat(6), value: tie("value") }) },
      { weight: 1, arbitrary: record<Value>("update", { to: index, prefix: fc.boolean(), up: fc.boolean() }) },
      { weight: 2, arbitrary: record<Value>("set field", { of: index, op: fc.nat(6), value: tie("value") }) },
      { weight: 3, arbitrary: record<Value>("call", { to: index, args: values(2) }) },
      { weight: 2, arbitrary: record<Value>("method", { which: fc.nat(20), of: index, args: values(2) }) },
      { weight: 2, arbitrary: record<Value>("chain", { of: index, which: fc.nat(4), args: values(1) }) },
      { weight: 3, arbitrary: record<Value>("await promise", { to: index }) },
      {
        weight: 3,
        arbitrary: record<Value>("combine", {
          how: small,
          parts: fc.array(tie("value"), { minLength: 1, maxLength: 3 }),
        }),
      },
      {
        weight: 2,
        arbitrary: record<Value>("fan out", { how: fc.nat(4), over: index, body: some, value: tie("value") }),
      },
      { weight: 2, arbitrary: record<Value>("immediately", { body: some, value: tie("value"), async: fc.boolean() }) },
      { weight: 2, arbitrary: record<Value>("wait", { how: fc.nat(4), value: tie("value") }) },
      { weight: 1, arbitrary: record<Value>("chance", { source: small, value: tie("leaf") }) },
      { weight: 1, arbitrary: record<Value>("comma", { a: tie("value"), b: tie("value") }) },
      { weight: 2, arbitrary: record<Value>("length", { how: small, parts: values(3) }) },
    ),
    statements: some,
    statement: fc.oneof(
      { depthSize: "small", depthIdentifier: "statement", withCrossShrink: true },
      {
        weight: 5,
        arbitrary: record<Statement>("out", { parts: fc.array(tie("value"), { minLength: 1, maxLength: 3 }) }),
      },
      { weight: 6, arbitrary: record<Statement>("declare", { mutable: fc.boolean(), value: tie("value") }) },
      { weight: 2, arbitrary: record<Statement>("list", { parts: values(3), spread: small }) },
      { weight: 2, arbitrary: record<Statement>("object", { parts: values(3), spread: small, alias: fc.boolean() }) },
      { weight: 1, arbitrary: record<Statement>("alias", { of: index, list: fc.boolean() }) },
      {
        weight: 3,
        arbitrary: record<Statement>("destructure", { form: fc.nat(7), of: index, fallback: tie("value") }),
      },
      { weight: 4, arbitrary: record<Statement>("do", { value: tie("value") }) },
      { weight: 2, arbitrary: record<Statement>("push", { to: index, value: tie("value") }) },
      { weight: 4, arbitrary: record<Statement>("promise", { value: tie("value") }) },
      { weight: 4, arbitrary: record<Statement>("if", { test: tie("test"), then: some, else: fc.option(some) }) },
      {
        weight: 5,
        arbitrary: record<Statement>("loop", {
          form: fc.nat(6),
          turns: fc.nat(2),
          test: tie("test"),
          body: some,
          label: fc.boolean(),
          closes: fc.boolean(),
        }),
      },
      {
        weight: 2,
        arbitrary: record<Statement>("switch", {
          on: tie("value"),
          cases: fc.array(fc.record({ body: some, leaves: fc.boolean(), fallback: fc.boolean() }), {
            minLength: 1,
            maxLength: 3,
          }),
        }),
      },
      { weight: 1, arbitrary: record<Statement>("block", { body: some, leaves: fc.option(tie("test")) }) },
      { weight: 2, arbitrary: record<Statement>("leave", { how: small, when: tie("test"), far: fc.boolean() }) },
      { weight: 1, arbitrary: record<Statement>("return", { when: tie("test"), value: tie("value") }) },
      { weight: 2, arbitrary: record<Statement>("throw", { when: tie("test"), value: tie("value"), how: small }) },
      {
        weight: 4,
        arbitrary: record<Statement>("try", {
          body: some,
          handler: fc.option(some),
          last: fc.option(some),
          names: fc.boolean(),
        }),
      },
      {
        weight: 3,
        arbitrary: record<Statement>("function", {
          async: fc.boolean(),
          hoisted: fc.boolean(),
          params: fc.nat(2),
          fallback: fc.boolean(),
          body: some,
          value: tie("value"),
        }),
      },
      { weight: 2, arbitrary: record<Statement>("later", { on: index, how: small, value: tie("value") }) },
      {
        weight: 2,
        arbitrary: record<Statement>("handle", {
          step: small,
          value: tie("value"),
          abort: fc.boolean(),
          detached: fc.boolean(),
        }),
      },
      { weight: 1, arbitrary: record<Statement>("shadow", { value: tie("value"), body: some }) },
    ),
    program: fc.record({
      body: fc.array(tie("statement"), { minLength: 2, maxLength: 7 }),
      value: tie("value"),
      // Half of the programs count ticks beside the body: without, an interpreter with one tick too many goes unseen.
      ticking: fc.oneof(fc.constant(0), fc.integer({ min: 5, max: 60 })),
    }),
  };
});

void value;
void statement;

export { program };
