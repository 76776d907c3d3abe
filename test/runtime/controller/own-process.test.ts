import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Expression } from "../../../src/model/expression.ts";
import type { Failure } from "../../../src/model/failure.ts";
import type { Node } from "../../../src/model/node.ts";
import type { Result } from "../../../src/runtime/ports.ts";
import { apply, array, binary, call, declare, loop, object, pipelineOf, returns, variable, wait } from "./programs.ts";
import { Stage } from "./stage.ts";

const v = variable;
const none = "async () => {}";
const regexp = (source: string): Expression => ({ kind: "regexp", source, flags: "" });
const increment = (name: string): Node => ({
  kind: "let",
  id: `${name}++`,
  value: { kind: "update", op: "++", prefix: false, target: v(name) },
});
/** More turns than a body may take of a process that it shares. */
const long: Node[] = [declare("i", 0, "let"), loop("long", binary(v("i"), "<", 1_000_000), [increment("i")])];
const bomb = apply(regexp("^(a+)+$"), "test", `${"a".repeat(40)}!`);
const hoard: Node[] = [
  declare("all", array()),
  loop("hoard", true, [{ kind: "let", id: "push", value: apply(v("all"), "push", array(1, 2, 3, 4, 5, 6, 7, 8)) }]),
];

const failureOf = (result: Result): Failure | undefined => (result.outcome === "failed" ? result.failure : undefined);

/** Processes that run a graph for this one. */
const ownProcesses = (): number[] =>
  execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)], { encoding: "utf8" })
    .split("\n")
    .filter((line) => line.includes("own-process/child"))
    .map((line) => Number.parseInt(line, 10));

describe("a body that needs more than its share of the process", () => {
  const calm = pipelineOf({ a: none, b: none }, [
    declare("drawn", apply({ kind: "global", name: "Math" }, "random")),
    call("a", object({ drawn: v("drawn") }), "p"),
    wait(v("p"), "x"),
    ...long,
    call("b", object({ x: v("x"), drawn: v("drawn") }), "q"),
    wait(v("q"), "y"),
    returns(array(v("x"), v("y"), v("drawn"))),
  ]);
  const called = async (stage: Stage, path: string) => Object.hasOwn(await stage.calls(), path);

  test("goes on in one of its own, with the same calls, values and readings of chance", async () => {
    await using stage = await Stage.open(calm);
    await stage.running();
    await stage.complete("a", "first");
    await stage.until(() => called(stage, "b"));
    const { a, b } = (await stage.calls()) as Record<string, { drawn: number }>;
    expect(b).toEqual({ x: "first", drawn: a!.drawn });
    expect(ownProcesses()).toHaveLength(1);

    const large = new Map([["large", "x".repeat(100_000)]]);
    await stage.running();
    await stage.complete("b", large);
    expect(await stage.value()).toEqual(["first", large, a!.drawn]);
    await stage.until(async () => ownProcesses().length === 0);
  });

  test("goes on there in the next controller too", async () => {
    await using stage = await Stage.open(calm);
    await stage.running();
    await stage.complete("a", "first");
    await stage.until(() => called(stage, "b"));
    await stage.stopController();
    await stage.startController();
    await stage.running();
    await stage.complete("b", "second");
    expect(await stage.value()).toEqual(["first", "second", expect.any(Number)]);
  });

  test("fails there when its budget ends too, in a sentence that says how to mend it", async () => {
    const endless = pipelineOf({}, [loop("endless", true, [])]);
    await using stage = await Stage.open(endless, undefined, { budget: 2_000_000 });
    expect(failureOf(await stage.result)).toMatchObject({
      name: "BudgetError",
      message:
        "the pipeline's body computed for 2000000 units without waiting for a step: it may loop without end. " +
        "Move long computations into a step, or raise the budget (--budget, or open({ budget }))",
    });
  });

  test("is ended where a regular expression does not come to an end", async () => {
    const pipeline = pipelineOf({ a: none }, [call("a", undefined, "p"), { kind: "let", id: "bomb", value: bomb }]);
    await using stage = await Stage.open(pipeline, undefined, { patienceMs: 1_500 });
    const failure = failureOf(await stage.result);
    expect(failure?.name).toBe("BudgetError");
    expect(failure?.message).toMatch(/more than 1\.5 s without a pause, perhaps in a regular expression/);
    expect(await stage.statuses()).toEqual({});
    await stage.until(async () => ownProcesses().length === 0);
  });

  test("is ended where one does not, also after other results of steps; what it had called is aborted", async () => {
    const pipeline = pipelineOf({ a: none, b: none, c: none }, [
      ...long,
      call("a", undefined, "p"),
      call("b", undefined, "q"),
      wait(v("p")),
      call("c", undefined, "r"),
      wait(v("r")),
      { kind: "let", id: "bomb", value: bomb },
    ]);
    await using stage = await Stage.open(pipeline, undefined, { patienceMs: 5_000 });
    await stage.until(() => called(stage, "a"));
    await stage.running();
    await stage.complete("a", 1);
    await stage.until(() => called(stage, "c"));
    await stage.running();
    await stage.complete("c", 1);
    expect(failureOf(await stage.result)?.message).toMatch(/more than 5 s without a pause/);
    expect(await stage.statuses()).toEqual({ a: "completed", b: "aborted", c: "completed" });
  });

  test("is ended where it takes too much memory", async () => {
    await using stage = await Stage.open(pipelineOf({}, hoard), undefined, { memoryMb: 64, budget: 100_000_000 });
    expect(failureOf(await stage.result)).toEqual({
      name: "BudgetError",
      message: expect.stringMatching(/needs more than 64 MB of memory: keep large data in steps/),
    });
  });

  test("fails in a sentence where its process is killed", async () => {
    await using stage = await Stage.open(calm);
    await stage.running();
    await stage.complete("a", "first");
    await stage.until(() => called(stage, "b"));
    process.kill(ownProcesses()[0]!, "SIGKILL");
    await stage.running();
    await stage.complete("b", "second");
    expect(failureOf(await stage.result)).toMatchObject({
      name: "LostError",
      message: expect.stringMatching(/SIGKILL/),
    });
  });
});

test("a body that is stuck in a regular expression holds up nobody", async () => {
  const stuck = pipelineOf({}, [{ kind: "let", id: "bomb", value: bomb }]);
  const other = pipelineOf({ a: none }, [call("a", undefined, "p"), wait(v("p"), "x"), returns(v("x"))]);
  await using first = await Stage.open(stuck, undefined, { patienceMs: 60_000 });
  await using second = await Stage.open(other);
  await second.running();
  await second.complete("a", "done");
  expect(await second.value()).toBe("done");
  expect(await first.statuses()).toEqual({});
  expect(ownProcesses()).toHaveLength(1);
});

test("a regular expression of bounded time needs no process of its own", async () => {
  const pipeline = pipelineOf({ a: none }, [
    declare("found", apply(`${"word ".repeat(500)}42`, "match", regexp("(\\w+) (\\d+)$"))),
    call("a", object({ found: { kind: "member", of: v("found"), key: 1 } }), "p"),
    wait(v("p")),
  ]);
  await using stage = await Stage.open(pipeline);
  expect(await stage.calls()).toEqual({ a: { found: "word" } });
  expect(ownProcesses()).toEqual([]);
});

test("a process of its own ends with the controller's process, also one that is stuck", async () => {
  const dying = fork(join(import.meta.dirname, "children/dying-controller.ts"), [], { silent: true });
  const [printed] = (await once(dying.stdout!, "data")) as [Buffer];
  const own = Number(printed.toString());
  const isAlive = () => {
    try {
      return process.kill(own, 0);
    } catch {
      return false;
    }
  };
  await usesProcessor(own); // it is in the regular expression
  expect(isAlive()).toBe(true);
  dying.kill("SIGKILL");
  while (isAlive()) await new Promise(setImmediate);
});

/** Until a process has computed for a second. */
async function usesProcessor(pid: number): Promise<void> {
  const seconds = () => execFileSync("ps", ["-o", "cputimes=", "-p", String(pid)], { encoding: "utf8" });
  while (Number(seconds()) < 1) await new Promise(setImmediate);
}
