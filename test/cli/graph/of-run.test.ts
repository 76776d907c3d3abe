import { expect, test } from "vitest";
import { ofRun } from "../../../src/cli/graph/of-run.ts";
import { picture, shapesOf } from "../../../src/cli/graph/picture.ts";
import type { Decided } from "../../../src/model/decision.ts";
import type { Node } from "../../../src/model/node.ts";
import type { Task, TaskStatus } from "../../../src/model/task.ts";
import { call, closure, less, pipelineOf, v } from "./nodes.ts";

const task = (id: string, status: TaskStatus, more: Partial<Task> = {}): Task => ({
  id,
  name: id,
  status,
  options: { type: "training", queue: "default" },
  code: { kind: "code", bundle: `sha256:${"0".repeat(64)}`, export: "step" },
  template: false,
  attempt: 1,
  createdAt: 0,
  startedAt: 1_000,
  endedAt: 3_000,
  ...more,
});

const loop = (id: string, nodes: Node[]): Node => ({
  kind: "loop",
  id,
  form: "while",
  test: { nodes: [], value: less(v("n"), 3) },
  nodes,
});
const decided = (path: string, outcome: number, of: Decided["of"] = "branch", explanation = ""): Decided => ({
  path,
  of,
  outcome,
  explanation,
});
const fates = (nodes: Node[], status: TaskStatus, tasks: Task[], decisions: Decided[] = []): Record<string, string> => {
  const run = task("r1", status);
  const drawn = ofRun(picture(pipelineOf(nodes)), run, { tasks: [run, ...tasks], decisions }, 9_000);
  return Object.fromEntries(
    [...shapesOf(drawn.shapes)].flatMap(({ id, fate }) => (fate ? [[id, `${fate.status}: ${fate.words}`.trim()]] : [])),
  );
};

test("a step has its status, its count, its retries and its times; a loop its turns", () => {
  const tasks = [
    task("r1/load", "completed"),
    task("r1/loop1[1]/fit", "completed", { attempt: 3 }),
    task("r1/loop1[2]/fit", "failed", { endedAt: 1_500 }),
  ];
  expect(fates([call("load", "load"), loop("loop1", [call("fit", "fit")])], "failed", tasks)).toEqual({
    load: "completed: ✓ 2.0 s",
    loop1: "completed: 2 turns",
    fit: "failed: ✗ ✓ · 2 retries · 2.5 s, last 500 ms",
  });
});

test("the attempts of a pipeline that was retried are put on one picture", () => {
  const tasks = [
    task("r1/load", "completed"),
    task("r1/loop1[1]/fit", "failed"),
    task("r1/[2]/load", "completed"),
    task("r1/[2]/loop1[1]/fit", "completed"),
  ];
  expect(fates([call("load", "load"), loop("loop1", [call("fit", "fit")])], "completed", tasks)).toEqual({
    load: "completed: ✓ 2 × · 4.0 s, last 2.0 s",
    loop1: "completed: 2 turns",
    fit: "failed: ✗ ✓ · 4.0 s, last 2.0 s",
  });
});

test("turns of a loop in a loop are counted over all of them", () => {
  const tasks = ["1", "2"].flatMap((n) =>
    ["1", "2", "3"].map((m) => task(`r1/outer[${n}]/inner[${m}]/fit`, "completed")),
  );
  expect(fates([loop("outer", [loop("inner", [call("fit", "fit")])])], "completed", tasks)).toMatchObject({
    outer: "completed: 2 turns",
    inner: "completed: 6 turns",
    fit: "completed: ✓ 6 × · 12.0 s, last 2.0 s",
  });
});

test("a branch that was not taken is grey when the run has ended, and waits before", () => {
  const branch: Node = {
    kind: "branch",
    id: "if1",
    text: "good",
    cases: [{ when: v("a"), nodes: [call("publish", "publish")] }],
    otherwise: { nodes: [call("warn", "warn")] },
  };
  const tasks = [task("r1/warn", "running", { endedAt: undefined as never })];
  expect(fates([branch], "running", tasks)).toEqual({
    if1_then: "waiting:",
    publish: "waiting:",
    warn: "running: ● 8.0 s",
  });
  expect(fates([branch], "completed", [task("r1/warn", "completed")])).toEqual({
    if1_then: "skipped: not reached",
    publish: "skipped:",
    warn: "completed: ✓ 2.0 s",
  });
});

test("a way that was not taken is known by the decisions, also where nothing in it is a step", () => {
  const wait: Node = { kind: "timer", id: "pause", after: "1h", into: "t" };
  const branch: Node = {
    kind: "branch",
    id: "if1",
    cases: [{ when: v("a"), nodes: [wait] }],
    otherwise: { nodes: [call("warn", "warn")] },
  };
  const nodes = [loop("loop1", [branch])];
  const warned = [task("r1/loop1[1]/warn", "completed")];
  expect(fates(nodes, "completed", warned, [decided("loop1[1]/if1", -1)])).toMatchObject({
    if1_then: "skipped: not taken",
    pause: "skipped:",
    warn: "completed: ✓ 2.0 s",
  });
  const both = [decided("loop1[1]/if1", -1), decided("loop1[2]/if1", 0)];
  expect(fates(nodes, "completed", warned, both)).not.toHaveProperty("if1_then");
  expect(fates(nodes, "running", warned, both.slice(0, 1))).not.toHaveProperty("if1_then");
});

test("a case of a switch into which another one ran on was not passed by", () => {
  const wait = (id: string): Node => ({ kind: "timer", id, after: "1h", into: id });
  const branch: Node = {
    kind: "branch",
    id: "switch1",
    on: v("mode"),
    cases: ["a", "b", "c"].map((when) => ({ when, nodes: [wait(when)] })),
  };
  expect(fates([branch], "completed", [], [decided("switch1", 1)])).toEqual({
    switch1_case1: "skipped: not taken",
    a: "skipped:",
  });
});

test("what was skipped, as something that it reads failed, says so", () => {
  const skips = [decided("fit", -1, "skip", "load failed → skipped")];
  expect(fates([call("load", "load"), call("fit", "fit")], "failed", [task("r1/load", "failed")], skips)).toEqual({
    load: "failed: ✗ 2.0 s",
    fit: "skipped: load failed → skipped",
  });
});

test("what a local function starts stands where the function is declared, whoever calls it", () => {
  const nodes: Node[] = [
    { kind: "function", id: "twice", variable: "twice", function: closure("twice", [call("inc", "inc")]) },
    loop("loop1", [{ kind: "call", id: "c1", fn: v("twice"), args: [], into: "t1" }, call("fit", "fit")]),
  ];
  const tasks = [
    task("r1/loop1[1]/twice#1/inc", "completed"),
    task("r1/loop1[1]/twice#2/inc", "completed"),
    task("r1/loop1[1]/fit", "completed"),
  ];
  expect(fates(nodes, "completed", tasks)).toMatchObject({
    inc: "completed: ✓ 2 × · 4.0 s, last 2.0 s",
    loop1: "completed: 1 turn",
  });
});
