/** The grammar of random programs: what may stand for a value, a promise, a statement. fast-check makes them, and shrinks them. */
import fc from "fast-check";
import { pick, type Scope, type Text } from "../scope.ts";
import { branches } from "./branches.ts";
import { collectionStatements, collectionValues } from "./collections.ts";
import { declarations } from "./declarations.ts";
import { errors } from "./errors.ts";
import { index, type Parts } from "./form.ts";
import { functionStatements, functionValues } from "./functions.ts";
import { library } from "./library.ts";
import { loops } from "./loops.ts";
import { operators } from "./operators.ts";
import { promiseStatements, promises, promiseValues } from "./promises.ts";
import { waits } from "./waits.ts";

const comparisons = fc.constantFrom("<", ">", "<=", ">=", "===", "!==");

const leaf: fc.Arbitrary<Text> = fc.oneof(
  fc.nat(6).map((n) => () => String(n)),
  index.map((to) => (s: Scope) => (s.tick && to === 7 ? s.tick : pick(s.numbers, to))),
);

export const { value, statements } = fc.letrec<{ value: Text; promise: Text; statement: Text; statements: Text }>(
  (tie) => {
    const test = fc.record({ a: tie("value"), op: comparisons, b: leaf }).map(
      ({ a, op, b }): Text =>
        (s) =>
          `${a(s)} ${op} ${b(s)}`,
    );
    const parts: Parts = { value: tie("value"), leaf, test, promise: tie("promise"), statements: tie("statements") };
    const options = (of: string) => ({ depthSize: "small", depthIdentifier: of, withCrossShrink: true }) as const;
    return {
      value: fc.oneof(
        options("value"),
        { weight: 16, arbitrary: leaf },
        ...operators(parts),
        ...library(parts),
        ...collectionValues(parts),
        ...promises(parts),
        ...waits(parts),
        ...functionValues(parts),
      ),
      promise: fc.oneof(options("value"), ...promiseValues(parts)),
      statement: fc.oneof(
        options("statement"),
        ...declarations(parts),
        ...promiseStatements(parts),
        ...collectionStatements(parts),
        ...branches(parts),
        ...loops(parts),
        ...errors(parts),
        ...functionStatements(parts),
      ),
      statements: fc
        .array(tie("statement"), { minLength: 1, maxLength: 3, depthIdentifier: "statement" })
        .map((all) => (s) => all.map((one) => one(s)).join("\n")),
    };
  },
);
