import { expect, test } from "vitest";
import { PlainView } from "../../../src/cli/view/plain.ts";
import { render } from "../../../src/cli/view/tree.ts";
import { Story } from "./story.ts";

const picture = (story: Story, now: number) =>
  render(story.state(), { width: 120, now: now * 1000, color: false }).map((line) =>
    line.replace(/\d\d:\d\d:\d\d/g, "TIME"),
  );

const story = () =>
  new Story()
    .start(0, "publish")
    .tell(1, "", { kind: "waiting", path: "approved", signal: "approved" })
    .tell(2, "", { kind: "waiting", path: "loop1[1]/sleep", until: 3_600_000 })
    .tell(2, "", { kind: "waiting", path: "constructor", signal: "constructor", until: 3_600_000, transient: true });

test("the live tree shows what the run waits for, and how to send it", () => {
  expect(picture(story(), 4)).toEqual([
    expect.stringMatching(/^\S publish +4\.0 s$/),
    "  ○ approved          3.0 s  waiting for signal approved: reprise signal r1 approved",
    "  ○ loop1[1]/sleep    2.0 s  sleeping until TIME",
    "  ○ constructor       2.0 s  waiting for signal constructor: reprise signal r1 constructor · until TIME",
  ]);
});

test("what came is shown no more: a timer's end, a signal or its limit, the end of the run", () => {
  const fired = story().tell(5, "", { kind: "timer", path: "loop1[1]/sleep" });
  expect(picture(fired, 6).join()).not.toContain("sleeping");
  const sent = fired
    .tell(6, "", { kind: "signal", name: "approved" })
    .tell(7, "", { kind: "timer", path: "constructor" });
  expect(picture(sent, 8)).toHaveLength(1);
  // Sent early, it is taken by the wait that begins after it.
  const early = sent.tell(8, "", { kind: "signal", name: "approved" });
  expect(picture(early.tell(9, "", { kind: "waiting", path: "again", signal: "approved" }), 9)).toHaveLength(1);
  expect(picture(early.tell(10, "", { kind: "waiting", path: "more", signal: "approved" }), 10)).toHaveLength(2);
  expect(picture(early.tell(11, "", { kind: "aborted", reason: "enough" }), 11)).toHaveLength(1);
});

test("many waits are counted", () => {
  const many = new Story().start(0, "many");
  for (let n = 1; n <= 9; n++) many.tell(1, "", { kind: "waiting", path: `map[${n}]/sleep`, until: 9_000 });
  const lines = picture(many, 2);
  expect(lines).toHaveLength(8);
  expect(lines.at(-1)).toContain("3 waits more");
});

test("a pipeline that was called says what it waits for with its own id", () => {
  const called = new Story().start(0, "outer").run(1, "prepare", "inner");
  called.tell(2, "prepare", { kind: "waiting", path: "ok", signal: "ok" });
  expect(picture(called, 3).at(-1)).toContain("waiting for signal ok: reprise signal r1/prepare ok");
  expect(picture(called.done(4, "prepare"), 5).join()).not.toContain("waiting");
});

test("plain lines say when a wait begins and ends, and when a signal comes", () => {
  const view = new PlainView("r1");
  const told = story().tell(5, "", { kind: "timer", path: "loop1[1]/sleep" }, { kind: "signal", name: "approved" });
  expect(
    told.events
      .flatMap((event) => view.lines(event))
      .map((line) => line.replace(/(\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d/, "TIME")),
  ).toEqual([
    "○ approved: waiting for signal approved: reprise signal r1 approved",
    "○ loop1[1]/sleep: sleeping until TIME",
    "○ constructor: waiting for signal constructor: reprise signal r1 constructor · until TIME",
    "✓ loop1[1]/sleep",
    "● signal approved",
  ]);
});
