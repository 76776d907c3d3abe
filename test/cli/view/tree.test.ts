import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { widthOf } from "../../../src/cli/view/text.ts";
import { render } from "../../../src/cli/view/tree.ts";
import type { RunState } from "../../../src/runtime/controller/state.ts";
import { Story } from "./story.ts";

const picture = (state: RunState, now: number, width = 80) =>
  `\n${render(state, { width, now: now * 1000, color: false }).join("\n")}\n`;

function loopStory(): Story {
  const story = new Story().start(0, "rerun until good");
  story.run(0.1, "data", "split").done(0.5, "data");
  for (let n = 1; n <= 6; n++)
    story.run(n, `loop1[${n}]/best`, "fit").done(n + 0.8, `loop1[${n}]/best`, { "accuracy/train": 0.8 + n / 50 });
  story.run(7, "loop1[7]/best", "fit").tell(7.2, "loop1[7]/best", { kind: "progress", progress: 0.4 });
  return story;
}

describe("the live tree", () => {
  test("a loop shows its latest iterations, and counts the earlier ones", () => {
    expect(picture(loopStory().state(), 7.5)).toMatchInlineSnapshot(`
      "
      ⠸ rerun until good            7.5 s  7 done, 1 running
        ✓ data split               400 ms
        ⠸ loop1                            iteration 7
          ⋮ 4 earlier iterations
          ✓ iteration 5 best       800 ms  accuracy train 0.9
          ✓ iteration 6 best       800 ms  accuracy train 0.92
          ⠸ iteration 7 best       500 ms  ████░░░░░░ 40 %
      "
    `);
  });

  test("a task says for which packages it waits, as long as it does", () => {
    const story = new Story().start(0, "native").run(0, "fit", "fit");
    story.tell(1, "fit", { kind: "installing", packages: ["sharp@0.34.5"] });
    expect(picture(story.state(), 2, 120)).toContain("installing 1 package: sharp@0.34.5");
    story.tell(2, "fit", { kind: "installing", packages: [] });
    expect(picture(story.state(), 3, 120)).not.toContain("installing");
  });

  test("a task says where it was taken from, or what no agent has to give, until one runs it", () => {
    const story = new Story().start(0, "cached").tell(1, "fit", { kind: "created", name: "fit" });
    story.tell(1, "fit", { kind: "cache", outcome: "hit", from: "r0/fit" }, { kind: "completed", attempt: 1 });
    story.queue(1, "large", "large").tell(1, "large", { kind: "unserved", queue: "default", resources: { gpu: 4 } });
    expect(picture(story.state(), 2, 120)).toMatchInlineSnapshot(`
      "
      ⠴ cached     2.0 s  1 done, 1 waiting
        ✓ fit             cached from r0/fit
        ○ large           no agent of the queue default has gpu 4 to give: start one with --resources
      "
    `);
    story.tell(2, "large", { kind: "running", attempt: 1, agent: "a" });
    expect(picture(story.state(), 3, 120)).toMatchInlineSnapshot(`
      "
      ⠧ cached     3.0 s  1 done, 1 running
        ✓ fit             cached from r0/fit
        ⠧ large    1.0 s
      "
    `);
  });

  test("a loop says why it goes on, and a region which way it went last", () => {
    const story = new Story().start(0, "rerun until good").decide(0, "if1", "seed is undefined → skipped", -1);
    for (let n = 1; n <= 3; n++) {
      story.decide(n, `loop1[${n}]`, `score.accuracy 0.${n} < target 0.95 → again (iteration ${n})`);
      story.decide(n, `loop1[${n}]/if1`, "helped is true → then");
      story.run(n, `loop1[${n}]/best`, "fit");
      if (n < 3)
        story
          .done(n + 0.8, `loop1[${n}]/best`)
          .run(n + 0.8, `loop1[${n}]/score`, "score")
          .done(n + 0.9, `loop1[${n}]/score`);
    }
    story.run(3.1, "loop1[3]/also", "fit");
    expect(picture(story.state(), 3.5)).toMatchInlineSnapshot(`
      "
      ⠸ rerun until good    3.5 s  4 done, 2 running
        ⠸ loop1                    iteration 3
          ◇                        score.accuracy 0.3 < target 0.95 → again (iteratio…
          ✓ iteration 1    900 ms  helped is true → then
          ✓ iteration 2    900 ms  helped is true → then
          ⠸ iteration 3
            ⠸ best fit     500 ms
            ⠸ also fit     400 ms
            ◇ if1                  helped is true → then
        ◇ if1                      seed is undefined → skipped
      "
    `);
  });

  test("a loop that was not entered says why, and so does a turn that started nothing", () => {
    const story = new Story().start(0, "rerun until good");
    story.decide(0, "loop1[1]", "accuracy 0.97 < target 0.95 is false → no iteration", -1);
    story.decide(0, "loop2[1]", "n 0 < 1 → iteration 1").decide(0, "loop2[1]/if1", "n 0 > 0 is false → skipped", -1);
    expect(picture(story.state(), 0)).toMatchInlineSnapshot(`
      "
      ⠋ rerun until good     0 ms
        ✓ loop1
          ◇                        accuracy 0.97 < target 0.95 is false → no iteration
        ✓ loop2                    iteration 1
          ◇                        n 0 < 1 → iteration 1
          ✓ iteration 1            n 0 > 0 is false → skipped
      "
    `);
  });

  test("it fits into 40 columns", () => {
    expect(picture(loopStory().state(), 7.5, 40)).toMatchInlineSnapshot(`
      "
      ⠸ rerun until good      7.5 s  7 done, …
        ✓ data split         400 ms
        ⠸ loop1                      iteratio…
          ⋮ 4 earlier ite…
          ✓ iteration 5 b…   800 ms  accuracy…
          ✓ iteration 6 b…   800 ms  accuracy…
          ⠸ iteration 7 b…   500 ms  ████░░░░…
      "
    `);
  });

  test("a turn with several steps shows them while it runs, and is one line when it is over", () => {
    const story = new Story().start(0, "train");
    story.run(0, "loop1[1]/fit", "fit").done(1, "loop1[1]/fit").run(1, "loop1[1]/score", "evaluate");
    story.done(1.5, "loop1[1]/score", { accuracy: 0.91234 });
    story.run(2, "loop1[2]/fit", "fit").done(3, "loop1[2]/fit").run(3, "loop1[2]/score", "evaluate");
    expect(picture(story.state(), 3.2)).toMatchInlineSnapshot(`
      "
      ⠋ train                   3.2 s  3 done, 1 running
        ⠋ loop1                        iteration 2
          ✓ iteration 1         1.5 s  accuracy 0.9123
          ⠋ iteration 2
            ✓ fit               1.0 s
            ⠋ score evaluate   200 ms
      "
    `);
  });

  test("a fan-out shows what runs, and counts the rest", () => {
    const story = new Story().start(0, "variants");
    for (let n = 1; n <= 12; n++) story.queue(0, `fits[${n}]/fit`, "fit");
    for (const n of [1, 2, 3, 4]) story.tell(0.1, `fits[${n}]/fit`, { kind: "running", attempt: 1, agent: "a" });
    for (const n of [1, 3]) story.done(n, `fits[${n}]/fit`, { accuracy: 0.9 + n / 100 });
    expect(picture(story.state(["fits"]), 4)).toMatchInlineSnapshot(`
      "
      ⠋ variants       4.0 s  2 done, 2 running, 8 waiting
        ⠋ fits                12 at once · 2 done, 2 running, 8 waiting
          ⠋ [2] fit    3.9 s
          ⠋ [4] fit    3.9 s
          ○ [5] fit
          ○ [6] fit
          ○ [7] fit
          ○ [8] fit
          ⋮ 6 more
      "
    `);
  });

  test("a pipeline that was called shows what it does, until it is done", () => {
    const story = new Story()
      .start(0, "train")
      .run(0, "data", "prepare")
      .run(0.1, "data/load", "load")
      .done(1, "data/load");
    for (let n = 1; n <= 2; n++)
      story.run(n, `data/loop1[${n}]/clean`, "clean").done(n + 0.5, `data/loop1[${n}]/clean`);
    story.run(3, "data/loop1[3]/deeper", "deeper").run(3.1, "data/loop1[3]/deeper/fit", "fit");
    expect(picture(story.state(), 4)).toMatchInlineSnapshot(`
      "
      ⠋ train                       4.0 s  3 done, 3 running
        ⠋ data prepare              4.0 s  3 done, 2 running
          ✓ load                   900 ms
          ⠋ loop1                          iteration 3
            ✓ iteration 1 clean    500 ms
            ✓ iteration 2 clean    500 ms
            ⠋ iteration 3 deeper    1.0 s  1 running
              ⠋ fit                900 ms
      "
    `);
    story
      .done(4, "data/loop1[3]/deeper/fit")
      .done(4.1, "data/loop1[3]/deeper")
      .done(4.2, "data")
      .run(4.3, "fit", "fit");
    expect(picture(story.state(), 5)).toMatchInlineSnapshot(`
      "
      ⠹ train             5.0 s  6 done, 1 running
        ✓ data prepare    4.2 s  5 done
        ⠹ fit            700 ms
      "
    `);
  });

  test("a retry shows the attempt, how long it waits, and the first line of the error", () => {
    const failure = { name: "TypeError", message: "no rows\nat line 4" };
    const story = new Story().start(0, "flaky").run(0, "fetch", "fetch").run(0, "slow", "slow");
    story.tell(1, "fetch", { kind: "retrying", attempt: 1, failure, notBefore: 3_000 });
    expect(picture(story.state(), 2)).toMatchInlineSnapshot(`
      "
      ⠴ flaky      2.0 s  1 running, 1 waiting
        ○ fetch           again in 1.0 s · TypeError: no rows
        ⠴ slow     2.0 s
      "
    `);
    story.tell(3, "fetch", { kind: "running", attempt: 2, agent: "a" });
    expect(picture(story.state(), 3.5)).toMatchInlineSnapshot(`
      "
      ⠸ flaky      3.5 s  2 running
        ⠸ fetch   500 ms  attempt 2 · TypeError: no rows
        ⠸ slow     3.5 s
      "
    `);
  });

  test("a failure is said at the step and at the run; what it aborted is marked", () => {
    const failure = { name: "RangeError", message: "depth must be positive" };
    const story = new Story().start(0, "bad").run(0, "fit", "fit").run(0, "other", "other").queue(0, "late", "late");
    story.tell(1, "fit", { kind: "failed", attempt: 1, failure });
    story.tell(1, "other", { kind: "aborted", reason: "the pipeline ended" });
    story.tell(1, "late", { kind: "aborted", reason: "the pipeline ended" });
    story.tell(1, "", { kind: "failed", attempt: 1, failure });
    expect(picture(story.state(), 9)).toMatchInlineSnapshot(`
      "
      ✗ bad        1.0 s  1 failed, 2 aborted · RangeError: depth must be positive
        ✗ fit      1.0 s  RangeError: depth must be positive
        ■ other    1.0 s  the pipeline ended
        ■ late            the pipeline ended
      "
    `);
  });

  test("a loop is known by its test, and by its id too", () => {
    const story = new Story().start(0, "titled").run(1, "loop1[1]/fit", "fit").run(1, "constructor[1]/fit", "fit");
    expect(picture(story.state([], { loop1: "while accuracy < target" }), 2)).toMatchInlineSnapshot(`
      "
      ⠴ titled                             2.0 s  2 running
        ⠴ while accuracy < target loop1           iteration 1
          ⠴ iteration 1 fit                1.0 s
        ⠴ constructor                             iteration 1
          ⠴ iteration 1 fit                1.0 s
      "
    `);
  });

  test("what does not run, as something that it reads failed, is said too", () => {
    const failure = { name: "RangeError", message: "no rows" };
    const story = new Story().start(0, "goes on").run(0, "a", "load").run(0, "b", "load");
    story.tell(1, "a", { kind: "failed", attempt: 1, failure });
    for (const path of ["fit a", "best"])
      story.tell(1, "", { kind: "decision", path, of: "skip", outcome: -1, explanation: "a failed → skipped" });
    expect(picture(story.state(), 2)).toMatchInlineSnapshot(`
      "
      ⠴ goes on     2.0 s  1 running, 1 failed
        ✗ a load    1.0 s  RangeError: no rows
        ⠴ b load    2.0 s
        ⊘ fit a            a failed → skipped
        ⊘ best             a failed → skipped
      "
    `);
  });

  test("calls of a local function stand below its name", () => {
    const story = new Story().start(0, "calls");
    for (const n of [1, 2, 3, 4]) story.run(n, `twice#${n}/inc`, "inc").done(n + 0.5, `twice#${n}/inc`);
    expect(picture(story.state(), 5)).toMatchInlineSnapshot(`
      "
      ⠹ calls                 5.0 s  4 done
        ✓ twice                      call 4
          ⋮ 1 earlier call
          ✓ call 2 inc       500 ms
          ✓ call 3 inc       500 ms
          ✓ call 4 inc       500 ms
      "
    `);
  });

  test("where the screen is too low, what is done gives way to what runs", () => {
    const story = new Story().start(0, "long");
    for (let n = 1; n <= 20; n++) story.run(n, `step${n}`, "s").done(n + 0.5, `step${n}`);
    story.run(21, "last", "s");
    const lines = render(story.state(), { width: 60, height: 6, now: 22_000, color: false });
    expect(`\n${lines.join("\n")}\n`).toMatchInlineSnapshot(`
      "
      ⠴ long              22.0 s  20 done, 1 running
        ⋮ 17 lines more
        ✓ step18 s        500 ms
        ✓ step19 s        500 ms
        ✓ step20 s        500 ms
        ⠴ last s           1.0 s
      "
    `);
    expect(lines).toHaveLength(6);
  });

  test("colors change nothing but colors", () => {
    const state = loopStory().state();
    const plain = render(state, { width: 80, now: 7_500, color: false });
    const colored = render(state, { width: 80, now: 7_500, color: true });
    expect(colored.join()).not.toBe(plain.join());
    expect(colored.map((line) => stripVTControlCharacters(line).trimEnd())).toEqual(
      plain.map((line) => line.trimEnd()),
    );
  });

  test("no line is longer than the terminal, whatever the names, and none moves the cursor", () => {
    const name = fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: "binary", maxLength: 60 }));
    fc.assert(
      fc.property(fc.integer({ min: 40, max: 200 }), name, name, name, (width, run, step, message) => {
        const failure = { name: "Error", message };
        const story = new Story().start(0, run).run(1, "loop[1]/step", step);
        story.tell(2, "loop[1]/step", { kind: "failed", attempt: 1, failure }, { kind: "progress", progress: 0.5 });
        for (const line of render(story.state(), { width, now: 5_000, color: true })) {
          expect(widthOf(line)).toBeLessThanOrEqual(width);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
          expect(stripVTControlCharacters(line)).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
        }
      }),
    );
  });
});
