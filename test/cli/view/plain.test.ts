import { expect, test } from "vitest";
import { PlainView } from "../../../src/cli/view/plain.ts";
import { Story } from "./story.ts";

const told = (story: Story, fanOuts: string[] = []) => {
  const view = new PlainView("r1", fanOuts);
  return `\n${story.events.flatMap((event) => view.lines(event)).join("\n")}\n`;
};

test("a line as a turn of a loop begins, and as each task ends", () => {
  const story = new Story().start(0, "rerun until good").run(0, "data", "split").done(0.4, "data");
  for (const n of [1, 2]) {
    story.run(n, `loop1[${n}]/best`, "fit").done(n + 0.25, `loop1[${n}]/best`, { "accuracy/train": 0.8 + n / 30 });
    story.run(n + 0.5, `loop1[${n}]/inner[1]/score`, "score").done(n + 0.75, `loop1[${n}]/inner[1]/score`, { f1: 1 });
  }
  expect(told(story)).toMatchInlineSnapshot(`
    "
    ✓ data (split) 400 ms
    ● loop1: iteration 1
    ✓ loop1[1]/best (fit) 250 ms  accuracy/train 0.8333
    ● loop1[1]/inner: iteration 1
    ✓ loop1[1]/inner[1]/score 250 ms  f1 1
    ● loop1: iteration 2
    ✓ loop1[2]/best (fit) 250 ms  accuracy/train 0.8667
    ● loop1[2]/inner: iteration 1
    ✓ loop1[2]/inner[1]/score 250 ms  f1 1
    "
  `);
});

test("turns of a fan-out begin all at once, and are not announced", () => {
  const story = new Story().start(0, "variants");
  for (const n of [1, 2]) story.run(0, `fits[${n}]/fit`, "fit");
  for (const n of [2, 1]) story.done(3 - n, `fits[${n}]/fit`);
  expect(told(story, ["fits"])).toMatchInlineSnapshot(`
    "
    ✓ fits[2]/fit 1.0 s
    ✓ fits[1]/fit 2.0 s
    "
  `);
});

test("an attempt that failed says when it is made again; a failure and an abort say why", () => {
  const failure = { name: "TypeError", message: "\u001b[31mno rows\u001b[0m\nat line 4" };
  const story = new Story().start(0, "flaky").run(0, "fetch", "fetch").run(0, "other", "other");
  story.tell(1, "fetch", { kind: "retrying", attempt: 1, failure, notBefore: 3_500 });
  story.run(3.5, "fetch", "fetch", 2).tell(4, "fetch", { kind: "retrying", attempt: 2, failure });
  story.run(4, "fetch", "fetch", 3).tell(5, "fetch", { kind: "failed", attempt: 3, failure });
  story.tell(5, "other", { kind: "aborted", reason: "the pipeline ended" });
  expect(told(story)).toMatchInlineSnapshot(`
    "
    ↻ fetch: attempt 1 failed: TypeError: no rows (again in 2.5 s)
    ↻ fetch: attempt 2 failed: TypeError: no rows (again at once)
    ✗ fetch 1.0 s: TypeError: no rows
    ■ other: the pipeline ended
    "
  `);
});

test("a task that was taken from the cache says from where, and one that nobody serves what is missing", () => {
  const story = new Story().tell(0, "", { kind: "unserved", queue: "services" }).start(0, "cached");
  story.tell(1, "fit", { kind: "created", name: "fit" });
  story.tell(1, "fit", { kind: "cache", outcome: "hit", from: "r0/fit" }).done(1, "fit", { accuracy: 0.97 });
  story.tell(1, "again", { kind: "created", name: "fit" });
  story.tell(1, "again", { kind: "cache", outcome: "miss", reason: "first" }, { kind: "queued", queue: "default" });
  story.tell(1, "again", { kind: "running", attempt: 1, agent: "a" }).done(2, "again");
  story.queue(2, "large", "large");
  story.tell(2, "large", { kind: "unserved", queue: "default", resources: { gpu: 4, mem: 8 * 1024 ** 3 } });
  story.queue(2, "far", "far").tell(2, "far", { kind: "unserved", queue: "tpu" });
  expect(told(story)).toMatchInlineSnapshot(`
    "
    ○ the run: no agent serves the queue services
    ✓ fit cached from r0/fit  accuracy 0.97
    ✓ again (fit) 1.0 s
    ○ large: no agent of the queue default has gpu 4, mem 8G to give: start one with --resources
    ○ far: no agent serves the queue tpu
    "
  `);
});

test("a task whose packages are being installed says so once", () => {
  const story = new Story().start(0, "native").run(0, "fit", "fit");
  story.tell(1, "fit", { kind: "installing", packages: ["canvas@3.1.0", "sharp@0.34.5"] });
  story.tell(2, "fit", { kind: "installing", packages: [] });
  expect(told(story)).toContain("○ fit: installing 2 packages: canvas@3.1.0, sharp@0.34.5\n");
  expect(told(story).match(/installing/g)).toHaveLength(1);
});

test("a run that is resumed says so, and tells of tasks whose beginning it has not seen", () => {
  const view = new PlainView("r1");
  const story = new Story().tell(0, "", { kind: "running", attempt: 2, agent: "b" }).done(1, "loop1[3]/fit");
  expect(story.events.flatMap((event) => view.lines(event))).toEqual([
    "● the run goes on (attempt 2)",
    "✓ loop1[3]/fit",
  ]);
});

test("a decision says why; that of a loop announces its iteration", () => {
  const story = new Story().start(0, "rerun until good");
  story
    .decide(0, "loop1[1]", "accuracy 0.81 < target 0.95 → iteration 1")
    .decide(0, "loop1[1]/if1", "helped is true → then");
  story.run(0, "loop1[1]/best", "fit").done(1, "loop1[1]/best");
  story.decide(1, "loop1[2]", "accuracy 0.97 < target 0.95 is false → done (after 1 iteration)", -1);
  story.tell(1, "prepare", { kind: "created", name: "prepare" });
  story.tell(1, "prepare", {
    kind: "decision",
    path: "if1",
    of: "branch",
    outcome: 0,
    explanation: "rows is 3 → then",
  });
  expect(told(story)).toMatchInlineSnapshot(`
    "
    ● loop1: accuracy 0.81 < target 0.95 → iteration 1
    ◇ loop1[1]/if1: helped is true → then
    ✓ loop1[1]/best (fit) 1.0 s
    ● loop1: accuracy 0.97 < target 0.95 is false → done (after 1 iteration)
    ◇ prepare/if1: rows is 3 → then
    "
  `);
});
