/** What a test sees of the decisions of a body: sentences, and the values that they were made of. */
import { expect, test } from "vitest";
import { testPipeline } from "../../src/testing/index.ts";
import * as fixtures from "./fixtures/pipelines.ts";

test.each([[[]], ["every event"]] as const)(
  "each has its sentence, and what it weighed; crashes %j",
  async (crashAfter) => {
    const subject = { ...fixtures, default: fixtures.deciding };
    const { decisions } = await testPipeline(subject, { params: { mode: "slow" }, crashAfter });
    expect(decisions.map(({ path, explanation, values }) => [path, explanation, values])).toEqual([
      ["loop1[1]", "box.n 0 < 4 → iteration 1", { "box.n": 0 }],
      ["loop1[2]", "box.n 2 < 4 → again (iteration 2)", { "box.n": 2 }],
      ["loop1[3]", "box.n 4 < 4 is false → done (after 2 iterations)", { "box.n": 4 }],
      ["if1", "box.seen.length 4 > 3 → then", { "box.seen.length": 4 }],
      [
        "if2",
        "box.seen.length 4 > 3 && await measure({ at: 5 }) 10 > 9 → then",
        { "box.seen.length": 4, "await measure({ at: 5 })": 10 },
      ],
      ["switch1", 'switch mode "slow" → default', { mode: "slow" }],
    ]);
  },
);
