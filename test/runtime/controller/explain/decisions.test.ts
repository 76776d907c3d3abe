import { describe, expect, test } from "vitest";
import type { LoopNode } from "../../../../src/model/node.ts";
import { Decision } from "../../../../src/runtime/controller/explain/decision.ts";
import { Decisions, keptDecisions } from "../../../../src/runtime/controller/explain/decisions.ts";
import { Context } from "../../../../src/runtime/controller/graph/context.ts";
import { Fuel } from "../../../../src/runtime/controller/graph/fuel.ts";
import { assign, binary, call, declare, loop, member, pipelineOf, returns, variable, wait } from "../programs.ts";
import { Stage } from "../stage.ts";

const v = variable;
const none = "async () => {}";

describe("decisions that were made", () => {
  const context = new Context({
    host: { call: async () => {} },
    fuel: new Fuel(),
    end: (error) => {
      throw error;
    },
  });
  const node = (id: string) => loop(id, binary(v("n"), "<", 2), []) as LoopNode;
  const madeAt = (of: LoopNode, n: number) => new Decision(context.turn(of.id, n, 1), of, 1, []);
  const paths = (decisions: Decisions) =>
    decisions.takeCommands().map((command) => (command.kind === "decision" ? command.path : command.kind));

  test("are the latest of each node in a delivery, in the order in which they were made", () => {
    const [often, once] = [node("often"), node("once")];
    const decisions = new Decisions(new Map(), new Set());
    for (let n = 1; n <= 5 * keptDecisions; n += 1) {
      decisions.add(madeAt(often, n));
      if (n === 3) decisions.add(madeAt(once, 1));
    }
    decisions.endDelivery();
    const kept = Array.from({ length: keptDecisions }, (_, i) => `often[${4 * keptDecisions + 1 + i}]`);
    expect(paths(decisions)).toEqual(["once[1]", ...kept]);
  });

  test("that are recorded already are left out, as are those that were left out then", () => {
    const of = node("loop");
    const first = new Decisions(new Map(), new Set());
    for (let n = 1; n <= 3 * keptDecisions; n += 1) first.add(madeAt(of, n));
    first.endDelivery();
    const again = new Decisions(new Map(), new Set(paths(first)));
    for (let n = 1; n <= 3 * keptDecisions; n += 1) again.add(madeAt(of, n));
    again.endDelivery();
    again.add(madeAt(of, 3 * keptDecisions + 1));
    again.endDelivery();
    expect(paths(again)).toEqual([`loop[${3 * keptDecisions + 1}]`]);
  });
});

describe("the decisions of a run", () => {
  const counts = pipelineOf({ inc: none }, [
    declare("n", member(v("params"), "n"), "let"),
    loop("loop1", binary(v("n"), "<", 3), [
      {
        kind: "branch",
        id: "if1",
        cases: [
          { when: binary(v("n"), "===", 1), nodes: [call("inc", v("n"), "p"), wait(v("p"), "q"), assign("n", v("q"))] },
        ],
        otherwise: { nodes: [call("inc", v("n"), "r", "other"), wait(v("r"), "s"), assign("n", v("s"))] },
      },
    ]),
    returns(v("n")),
  ]);
  const told = async (stage: Stage) =>
    (await stage.store.events.read(stage.run, 0)).flatMap((event) =>
      event.kind === "decision" ? [`${event.path}: ${event.explanation}`] : [],
    );
  const expected = [
    "loop1[1]: n 1 < 3 → iteration 1",
    "loop1[1]/if1: n 1 === 1 → then",
    "loop1[2]: n 2 < 3 → again (iteration 2)",
    "loop1[2]/if1: n 2 === 1 is false → else",
    "loop1[3]: n 3 < 3 is false → done (after 2 iterations)",
  ];

  test("are events, before what they cause", async () => {
    await using stage = await Stage.open(counts, { n: 1 });
    const kinds = (await stage.store.events.read(stage.run, 0)).map(({ kind }) => kind);
    expect(kinds.slice(-4)).toEqual(["decision", "decision", "created", "queued"]);
    for (const [path, value] of [
      ["loop1[1]/inc", 2],
      ["loop1[2]/other", 3],
    ] as const) {
      await stage.running();
      await stage.complete(path, value);
      await stage.settle();
    }
    expect(await stage.value()).toBe(3);
    expect(await told(stage)).toEqual(expected);
  });

  test("are the same, and recorded once, however often the controller is stopped", async () => {
    await using stage = await Stage.open(counts, { n: 1 });
    const again = async () => {
      await stage.stopController();
      await stage.startController();
    };
    await again();
    for (const [path, value] of [
      ["loop1[1]/inc", 2],
      ["loop1[2]/other", 3],
    ] as const) {
      await stage.running();
      await stage.stopController();
      await stage.complete(path, value);
      await stage.startController();
      if (value === 2) await again();
    }
    expect(await stage.value()).toBe(3);
    expect(await told(stage)).toEqual(expected);
  });

  test("move with a body that needs a process of its own", async () => {
    const heavy = pipelineOf({ inc: none }, [
      {
        kind: "branch",
        id: "if1",
        cases: [{ when: binary(member(v("params"), "n"), "<", 2), nodes: [call("inc", undefined, "p"), wait(v("p"))] }],
      },
      declare("i", 0, "let"),
      loop("spin", binary(v("i"), "<", 3_000_000), [assign("i", binary(v("i"), "+", 1))]),
      { kind: "branch", id: "if2", cases: [{ when: binary(v("i"), "===", 3_000_000), nodes: [] }] },
      returns(v("i")),
    ]);
    await using stage = await Stage.open(heavy, { n: 1 });
    await stage.running();
    await stage.complete("inc", undefined);
    expect(await stage.value()).toBe(3_000_000);
    expect(await told(stage)).toEqual(["if1: params.n 1 < 2 → then", "if2: i 3000000 === 3000000 → then"]);
  });
});
