/** A pipeline that is retried: each attempt is fresh, and can be resumed as any run. */
import { describe, expect, test } from "vitest";
import type { Node } from "../../../src/model/node.ts";
import { freshAttempt } from "../../../src/runtime/controller/fresh-attempt.ts";
import { agentNamed } from "../store/suite/fixtures.ts";
import { apply, array, call, pipelineOf, returns, variable, wait } from "./programs.ts";
import { Stage } from "./stage.ts";

const v = variable;
const none = "async () => {}";
const failure = { name: "RangeError", message: "not yet" };
const chance: Node = {
  kind: "let",
  id: "drawn",
  declare: "const",
  target: v("drawn"),
  value: apply({ kind: "global", name: "Math" }, "random"),
};
const signal: Node = { kind: "signal", id: "go", name: "go", into: "s" };
const body = [chance, call("a", v("drawn"), "p"), wait(v("p"), "x"), signal, wait(v("s"), "y")];
const pipeline = pipelineOf({ a: none, b: none }, [
  ...body,
  call("b", undefined, "q"),
  wait(v("q")),
  returns(array(v("x"), v("y"), v("drawn"))),
]);

const sent = async (stage: Stage, path: string) => {
  await stage.running();
  await stage.complete(path, path);
  await stage.settle();
};

test("an attempt has tasks, chances and waits of its own, and hears no signal of the one before it", async () => {
  await using stage = await Stage.open(pipeline);
  await sent(stage, "a");
  await stage.signal("go", 1);
  await stage.running();
  await stage.fail("b", failure);
  await stage.retry();
  await sent(stage, "[2]/a");
  expect(await stage.running()).toEqual([]);
  await stage.stopController();
  await stage.startController();
  await stage.signal("go", 2);
  expect(await stage.running()).toEqual(["[2]/b"]);
  await stage.stopController();
  await stage.startController();
  await stage.complete("[2]/b", 1);
  const [x, y, drawn] = (await stage.value()) as unknown[];
  const inputs = await stage.calls();
  expect([x, y]).toEqual(["[2]/a", 2]);
  expect(inputs["[2]/a"]).toBe(drawn);
  expect(inputs.a).not.toBe(drawn);
  expect(await stage.statuses()).toEqual({ a: "completed", b: "failed", "[2]/a": "completed", "[2]/b": "completed" });
});

test("what an earlier attempt has detached may end while the next one runs", async () => {
  const detached: Node = { kind: "call", id: "aside", template: "b", args: [], as: "detached", into: "d" };
  const careless = pipelineOf({ a: none, b: none }, [
    detached,
    call("a", undefined, "p"),
    wait(v("p"), "x"),
    returns(v("x")),
  ]);
  await using stage = await Stage.open(careless);
  await stage.running();
  await stage.fail("a", failure);
  await stage.retry();
  await stage.complete("aside", 1);
  await stage.settle();
  expect(await stage.running()).toEqual(["[2]/aside", "[2]/a"]);
  await stage.complete("[2]/a", 5);
  expect(await stage.value()).toBe(5);
});

describe("a run that is made again by hand", () => {
  test("after it was aborted hears nothing of its aborts: it begins anew, and goes on so when it is lost", async () => {
    await using stage = await Stage.open(pipeline);
    await stage.running();
    await stage.store.runs.abort("r", "not now");
    await stage.stopController();
    await stage.again();
    await sent(stage, "[2]/a");
    await stage.stopController();
    await stage.startController();
    await stage.signal("go", 2);
    await stage.running();
    await stage.complete("[2]/b", 1);
    expect(((await stage.value()) as unknown[]).slice(0, 2)).toEqual(["[2]/a", 2]);
    expect(await stage.statuses()).toEqual({ a: "aborted", "[2]/a": "completed", "[2]/b": "completed" });
  });

  test("after it has failed begins anew, also where it had been tried again before", async () => {
    await using stage = await Stage.open(pipeline);
    await stage.running();
    await stage.fail("a", failure);
    await stage.retry();
    await stage.running();
    await stage.fail("[2]/a", failure);
    await stage.end();
    await stage.again();
    expect(await stage.running()).toEqual(["[3]/a"]);
  });

  test("after it was aborted before it had begun is at its first attempt, also when that is lost", async () => {
    await using stage = await Stage.open(pipeline);
    const { parent } = (await stage.store.tasks.get("r"))!;
    await stage.store.runs.start(parent!, { id: "s" });
    await stage.store.runs.abort("s", "not yet");
    await stage.store.tasks.enqueue("s");
    const fresh = async () => {
      await stage.store.queue.join(agentNamed("x"));
      const [claim] = (await stage.store.queue.claim({ agent: "x", queues: ["services"], limit: 1, run: "s" })).claims;
      return freshAttempt(claim!, stage.store);
    };
    const first = await fresh();
    await stage.store.queue.rescue(({ id }) => id === "x", "s");
    expect([first, await fresh()]).toMatchObject([
      { attempt: 1, since: 0 },
      { attempt: 1, since: 0 },
    ]);
  });

  test("after it was lost, and aborted while it waited for the next agent, begins anew", async () => {
    await using stage = await Stage.open(pipeline);
    await stage.running();
    await stage.stopController();
    await stage.store.runs.abort("r", "not now");
    await stage.again();
    expect(await stage.running()).toEqual(["a", "[2]/a"]);
  });
});

test("a pipeline that failed since a step was lost is tried again as often as its policy says, and not without end", async () => {
  await using stage = await Stage.open(pipeline);
  await stage.running();
  await stage.fail("a", { name: "LostError", message: "its process is gone" });
  await stage.retry();
  expect(await stage.running()).toEqual(["[2]/a"]);
  const attempts = await stage.store.tasks.attempts("r");
  expect(attempts.map(({ outcome }) => outcome)).toEqual(["failed", "running"]);
});
