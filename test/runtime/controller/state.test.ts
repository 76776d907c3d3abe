import { describe, expect, test } from "vitest";
import type { Event, EventBody } from "../../../src/model/event.ts";
import { fold, foldAll } from "../../../src/runtime/controller/fold.ts";
import type { EntryState, RunState, TaskState, TurnsState } from "../../../src/runtime/controller/state.ts";
import { initialState } from "../../../src/runtime/controller/state.ts";
import { turnsOf } from "../../../src/runtime/controller/turns.ts";

const run = "r1";
const failure = { name: "RangeError", message: "too far" };

/** A history: each entry is a path (`""`: the controller) and what happened there. */
function* history(...happened: [path: string, body: EventBody][]): Generator<Event> {
  let seq = 0;
  for (const [path, body] of happened) {
    seq += 1;
    yield { seq, run, task: path === "" ? run : `${run}/${path}`, at: seq * 10, ...body };
  }
}

const stateAfter = (events: Iterable<Event>, state = initialState(run)): RunState => [...events].reduce(fold, state);
const created = (name = "fit"): EventBody => ({ kind: "created", name });
const queued: EventBody = { kind: "queued", queue: "default" };
const running = (attempt = 1): EventBody => ({ kind: "running", attempt, agent: "a" });
const completed: EventBody = { kind: "completed", attempt: 1 };
const whole = (path: string): [string, EventBody][] => [
  [path, created()],
  [path, queued],
  [path, running()],
  [path, completed],
];
const taskAt = (state: RunState, name: string) => state.body.entries[name] as TaskState;
const group = (entry: EntryState | undefined) => entry as TurnsState;
const turns = (entry: EntryState | undefined) => [...turnsOf(group(entry).turns)];

describe("decisions", () => {
  const decided = (path: string, outcome = 1): [string, EventBody] => [
    "",
    { kind: "decision", path, of: path.endsWith("]") ? "loop" : "branch", outcome, explanation: `about ${path}` },
  ];
  const kept = (at: { decisions?: readonly { path: string }[] } | undefined) => at?.decisions?.map(({ path }) => path);

  test("of a loop stand at the loop, the latest three, also before anything has started", () => {
    expect(group(stateAfter(history(decided("loop1[1]", -1))).body.entries["loop1[]"])).toMatchObject({
      latest: 0,
      decisions: [{ path: "loop1[1]", of: "loop", outcome: -1, explanation: "about loop1[1]" }],
    });
    const turnsTold = [1, 2, 3, 4, 5].flatMap((n) => [decided(`loop1[${n}]`), ...whole(`loop1[${n}]/fit`)]);
    const loop = group(stateAfter(history(...turnsTold)).body.entries["loop1[]"]);
    expect(kept(loop)).toEqual(["loop1[3]", "loop1[4]", "loop1[5]"]);
  });

  test("of a branch stand in its region, in a run that was called too", () => {
    const state = stateAfter(
      history(
        decided("if1"),
        decided("loop1[1]/if2", -1),
        ["prepare", created()],
        ["prepare", decided("each[2]/if3")[1]],
        ["prepare", decided("loop2[1]")[1]],
      ),
    );
    expect(kept(state.body)).toEqual(["if1"]);
    expect(kept(turns(state.body.entries["loop1[]"])[0]![1])).toEqual(["loop1[1]/if2"]);
    const called = taskAt(state, "prepare").called!.body;
    expect(kept(turns(called.entries["each[]"])[0]![1])).toEqual(["each[2]/if3"]);
    expect(kept(group(called.entries["loop2[]"]))).toEqual(["loop2[1]"]);
  });

  test("of many turns leave nothing behind", () => {
    const many = Array.from({ length: 200 }, (_, i) => [
      ...whole(`each1[${i + 1}]/fit`),
      decided(`each1[${i + 1}]/if1`),
    ]);
    const late = Array.from({ length: 200 }, (_, i) => decided(`each1[${i + 1}]/if2`));
    const state = stateAfter(history(...many.flat(), ...late), initialState(run, ["each1"]));
    expect(turns(state.body.entries["each1[]"])).toHaveLength(5);
    expect(group(state.body.entries["each1[]"]).counts.completed).toBe(200);
  });

  test("of another run change nothing", () => {
    const event: Event = { seq: 1, run: "r2", task: "r2", at: 1, ...decided("if1")[1] };
    expect(fold(initialState(run), event).body).toEqual(initialState(run).body);
  });
});

describe("the run itself", () => {
  test("has the name, status, times and result of its controller", () => {
    const state = stateAfter(
      history(
        ["", created("rerun until good")],
        ["", queued],
        ["", running()],
        ["", { kind: "completed", attempt: 1, output: { text: "[1]" } }],
      ),
    );
    expect(state).toMatchObject({
      name: "rerun until good",
      status: "completed",
      attempt: 1,
      createdAt: 10,
      startedAt: 30,
      endedAt: 40,
      output: { text: "[1]" },
      seq: 4,
    });
  });

  test("keeps its failure, or why it was aborted", () => {
    expect(stateAfter(history(["", created()], ["", { kind: "failed", attempt: 1, failure }]))).toMatchObject({
      status: "failed",
      failure,
    });
    expect(stateAfter(history(["", created()], ["", { kind: "aborted", reason: "enough" }]))).toMatchObject({
      status: "aborted",
      reason: "enough",
    });
  });
});

describe("a task", () => {
  test("shows its attempts, the failed ones with their errors, its progress and last scalars", () => {
    const scalar = (value: number): EventBody => ({
      kind: "scalar",
      title: "loss",
      series: "train",
      value,
      iteration: value,
    });
    const events = history(
      ["fit", created()],
      ["fit", queued],
      ["fit", running(1)],
      ["fit", { kind: "progress", progress: 0.5 }],
      ["fit", scalar(3)],
      ["fit", scalar(2)],
      ["fit", { kind: "retrying", attempt: 1, failure, notBefore: 900 }],
    );
    const retrying = stateAfter(events);
    expect(taskAt(retrying, "fit")).toMatchObject({
      status: "queued",
      failures: [{ attempt: 1, failure }],
      notBefore: 900,
      progress: 0.5,
      scalars: { "loss/train": { value: 2, iteration: 2 } },
    });
    const again = fold(retrying, { seq: 8, run, task: "r1/fit", at: 1_000, ...running(2) });
    expect(taskAt(again, "fit")).toMatchObject({ status: "running", attempt: 2, startedAt: 1_000 });
    expect(taskAt(again, "fit")).not.toHaveProperty("progress");
    expect(again.counts).toMatchObject({ queued: 0, running: 1 });
  });

  test("of another run, or of no kept turn, changes nothing but the sequence number", () => {
    const state = stateAfter(history(...whole("fit")));
    const other = fold(state, { seq: 9, run, task: "r2/fit", at: 0, ...queued });
    const unknown = fold(state, { seq: 9, run, task: "r1/loop1[1]/fit", at: 0, ...completed });
    expect(other).toEqual({ ...state, seq: 9 });
    expect(unknown).toEqual({ ...state, seq: 9 });
  });
});

describe("turns", () => {
  test("of a loop are kept: the last ones in full, of all a count by status", () => {
    const state = stateAfter(history(...Array.from({ length: 20 }, (_, i) => whole(`again[${i + 1}]/fit`)).flat()));
    const again = group(state.body.entries["again[]"]);
    expect(again).toMatchObject({ kind: "loop", id: "again", latest: 20, counts: { completed: 20, running: 0 } });
    expect(turns(again).map(([n]) => n)).toEqual([16, 17, 18, 19, 20]);
  });

  test("in which something still waits or runs are kept however old, until it ends", () => {
    const start = Array.from({ length: 12 }, (_, i): [string, EventBody][] => [
      [`again[${i + 1}]/fit`, created()],
      [`again[${i + 1}]/fit`, queued],
    ]).flat();
    const state = stateAfter(history(...start));
    expect(turns(state.body.entries["again[]"])).toHaveLength(12);
    const ended = fold(state, { seq: 99, run, task: "r1/again[2]/fit", at: 0, kind: "aborted", reason: "" });
    expect(turns(ended.body.entries["again[]"]).map(([n]) => n)).not.toContain(2);
    expect(group(ended.body.entries["again[]"]).counts).toMatchObject({ queued: 11, aborted: 1 });
  });

  test("that made no task leave no gap behind", () => {
    const state = stateAfter(history(...[1, 2, 50, 90, 91, 92, 1_000].flatMap((n) => whole(`again[${n}]/fit`))));
    expect(turns(state.body.entries["again[]"]).map(([n]) => n)).toEqual([50, 90, 91, 92, 1_000]);
  });

  test("nest: a loop in a loop, an activation of a function in a turn", () => {
    const state = stateAfter(history(...whole("outer[2]/inner[3]/twice#1/fit")));
    const [, outer] = turns(state.body.entries["outer[]"])[0]!;
    const [, inner] = turns(outer.entries["inner[]"])[0]!;
    expect(group(inner.entries["twice#"])).toMatchObject({ kind: "function", latest: 1 });
    expect(turns(inner.entries["twice#"])[0]![1].entries.fit).toMatchObject({ path: "outer[2]/inner[3]/twice#1/fit" });
  });

  test("of a call with a function run at the same time", () => {
    const state = stateAfter(history(...whole("fits[1]/fit")), initialState(run, ["fits"]));
    expect(group(state.body.entries["fits[]"]).kind).toBe("each");
  });
});

test("a change comes with the patches that lead to it", () => {
  const { state, patches } = foldAll(initialState(run), [...history(["fit", created()])]);
  expect(taskAt(state, "fit").status).toBe("draft");
  expect(patches).toContainEqual(expect.objectContaining({ op: "add", path: ["body", "entries", "fit"] }));
});

describe("an event costs no more than its own small part", () => {
  /** How many keys of how many objects an event has copied. */
  function copied(before: unknown, now: unknown): number {
    if (before === now || typeof now !== "object" || now === null) return 0;
    const old = (typeof before === "object" && before !== null ? before : {}) as Record<string, unknown>;
    const entries = Object.entries(now);
    return entries.length + entries.reduce((sum, [key, value]) => sum + copied(old[key], value), 0);
  }

  function mostCopied(happened: [string, EventBody][], state = initialState(run)): number {
    let most = 0;
    for (const event of history(...happened)) {
      const next = fold(state, event);
      most = Math.max(most, copied(state, next));
      state = next;
    }
    return most;
  }

  test("in a loop of 25,000 turns, which are 100,000 events", () => {
    const loop = Array.from({ length: 25_000 }, (_, i) => whole(`again[${i + 1}]/fit`)).flat();
    expect(mostCopied(loop)).toBeLessThan(120);
  });

  test("in a fan-out of 10,000 turns that all wait at the same time", () => {
    const start = Array.from({ length: 10_000 }, (_, i): [string, EventBody] => [`fits[${i + 1}]/fit`, created()]);
    const rest = Array.from({ length: 10_000 }, (_, i): [string, EventBody] => [`fits[${i + 1}]/fit`, queued]);
    expect(mostCopied([...start, ...rest])).toBeLessThan(350);
  });
});
