import { expect, it } from "vitest";
import { compileError } from "../../docs/problems/compile.ts";
import { examples } from "../../docs/problems/page.ts";
import * as body from "../../src/compiler/lower/problems.ts";
import { rules } from "../../src/compiler/rules.ts";

const catalogue = [...Object.values(rules), ...Object.values(body)];
const numbers = catalogue.map(({ number }) => number);

it("has a number of its own for every problem", () => {
  expect(numbers).toEqual([...new Set(numbers)]);
});

// That each wrong program has that problem alone, in the marked line, is what makes the page: `pages.test.ts`.
it("shows every problem by an example", () => {
  expect(examples.map(({ rule }) => rule.number).sort()).toEqual([...numbers].sort());
});

it.each(examples.map((example) => [example.rule.number, example.title, example] as const))(
  "%s %s: the right program has no problem",
  async (_number, _title, { right, choosing }) => {
    expect((await compileError(right, choosing?.right))?.message).toBeUndefined();
  },
);
