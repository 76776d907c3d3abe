import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { patternUnits } from "../../../../src/runtime/controller/bounds/pattern.ts";

/** What a run may burn at once of a process that it shares. */
const share = 1_000_000;

describe("a regular expression that may take for ever is told from its source", () => {
  test.each([
    /^(a+)+$/,
    /^(?:a|a)*$/,
    /(a|aa)+$/,
    /^(\w+\s?)*$/,
    /(x+x+)+y/,
    /^(([a-z])+.)+[A-Z]([a-z])+$/,
    /(.*)*b/,
    /^(?:.*,){12}P/,
    /(?=(a+)+$)/,
    /(?<=(a+)+)b/,
    /(?<word>\w+)+\k<word>$/,
    /^(?:a?){40}a{40}$/,
    /((a{1,9}){1,9}){1,9}b/,
    /(?i:a+)+$/,
    /^(?:\p{L}|\p{Lu})+$/u,
    /[\w--a]+/v,
  ])("%s", (pattern) => {
    expect(patternUnits(pattern, 40)).toBeGreaterThan(share);
  });
});

describe("an ordinary one is known to be harmless, also for a long text", () => {
  test.each([
    /^[\w.+-]+@[\w-]+\.[\w.]+$/,
    /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z?)?$/,
    /[^,]+/g,
    /\s+/g,
    /,\s*/,
    /^(\w+)-(\d+)$/,
    /^(?<key>[a-z]+)\s*=\s*(?<value>\w*)$/,
    /\.(?:png|jpe?g)$/i,
    /^#[\da-f]{6}$/i,
    /step-\d+/,
  ])("%s", (pattern) => {
    expect(patternUnits(pattern, 10_000)).toBeLessThan(share / 2);
  });
});

test("no pattern takes longer than its bound says", () => {
  const atom = fc.constantFrom("a", "b", ".", "[ab]", "[^a]", "\\w", "\\d", "\\b", "^", "$", "(?=a)", "\\1");
  const times = fc.constantFrom("", "", "*", "+", "?", "*?", "{2}", "{1,3}", "{2,}");
  const { pattern } = fc.letrec<{ pattern: string; sequence: string; term: string }>((tie) => ({
    pattern: fc.array(tie("sequence"), { minLength: 1, maxLength: 2 }).map((all) => all.join("|")),
    sequence: fc.array(tie("term"), { minLength: 1, maxLength: 4 }).map((all) => all.join("")),
    term: fc.oneof(
      { maxDepth: 2 },
      fc.tuple(atom, times).map(([one, many]) => (/^[\^$(]|\\b/.test(one) ? one : one + many)),
      fc
        .tuple(fc.constantFrom("(", "(?:"), tie("pattern"), times)
        .map(([open, inner, many]) => `${open}${inner})${many}`),
    ),
  }));
  const texts = ["a".repeat(24), `${"ab".repeat(12)}!`, `${"a".repeat(20)}1b`];
  fc.assert(
    fc.property(pattern, (source) => {
      const expression = new RegExp(source);
      for (const text of texts) {
        const units = patternUnits(expression, text.length);
        if (units > share) continue;
        const begun = process.cpuUsage();
        expression.test(text);
        const { user, system } = process.cpuUsage(begun);
        // A unit is a ten-thousandth of a millisecond. What backtracks beyond its bound takes minutes, so the rest can be wide: for compiling the
        // pattern, for a collection of garbage, for a slow machine.
        expect((user + system) / 1_000).toBeLessThan((units / 10_000) * 10 + 1_000);
      }
    }),
    { seed: 7, numRuns: 2_000 },
  );
});

test("a pattern of thousands of characters is not looked at", () => {
  expect(patternUnits(new RegExp("a".repeat(3_000)), 1)).toBe(Number.POSITIVE_INFINITY);
  expect(patternUnits(new RegExp(`${"(?:".repeat(300)}a${")".repeat(300)}`), 1)).toBeLessThan(share);
});
