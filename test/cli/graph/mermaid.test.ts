import { expect, test } from "vitest";
import { mermaid } from "../../../src/cli/graph/mermaid.ts";
import { picture } from "../../../src/cli/graph/picture.ts";
import type { Expression, Pattern } from "../../../src/model/expression.ts";
import type { Closure, Node } from "../../../src/model/node.ts";
import type { Pipeline } from "../../../src/model/pipeline.ts";

const v = (name: string) => ({ kind: "variable", name }) as const;
const get = (of: Expression, key: string): Expression => ({ kind: "member", of, key });
const apply = (callee: Expression, ...args: Expression[]): Expression => ({ kind: "apply", callee, args });
const object = (entries: Record<string, Expression>): Expression => ({
  kind: "object",
  entries: Object.entries(entries).map(([key, value]) => ({ key, value })),
});
const less = (left: Expression, right: Expression): Expression => ({ kind: "binary", op: "<", left, right });
const call = (id: string, template: string, input: Record<string, Expression>, into = `${id}$p`): Node => ({
  kind: "call",
  id,
  template,
  args: [object(input)],
  into,
});
const wait = (id: string, into: string, target: Pattern | string = id, declare?: "const" | "let"): Node => ({
  kind: "await",
  id: `await ${id}`,
  value: v(into),
  target: typeof target === "string" ? v(target) : target,
  ...(declare && { declare }),
});
const closure = (id: string, params: string[], nodes: Node[], async = true): Closure => ({
  id,
  name: id,
  async,
  params: params.map((name) => ({ target: v(name) })),
  nodes,
});
const pipelineOf = (body: Closure, params?: string[]): Pipeline => ({
  format: 1,
  name: "test",
  options: { type: "controller", queue: "services" },
  ...(params && { params: { type: "object", properties: Object.fromEntries(params.map((name) => [name, true])) } }),
  templates: {},
  graph: { order: "sequence", module: [], body },
  bundles: {},
});
const draw = (body: Closure, params?: string[]) => mermaid(picture(pipelineOf(body, params)));

test("a loop shows its test in words, its decision, and what flows round it", () => {
  const body = closure(
    "body",
    ["input"],
    [
      { kind: "let", id: "target", declare: "const", target: v("target"), value: get(v("input"), "target") },
      call("data", "split", { seed: 7 }),
      wait("data", "data$p", "data", "const"),
      { kind: "let", id: "depth", declare: "let", target: v("depth"), value: 1 },
      call("best", "fit", { rows: get(v("data"), "train"), depth: v("depth") }),
      wait("best", "best$p", "best", "let"),
      {
        kind: "loop",
        id: "loop1",
        form: "while",
        test: { nodes: [], value: less(get(v("best"), "accuracy"), v("target")) },
        nodes: [
          {
            kind: "let",
            id: "let1",
            value: { kind: "assign", op: "+", target: v("depth"), value: 1 },
            writes: ["depth"],
          },
          call("best", "fit", { rows: get(v("data"), "train"), depth: v("depth") }, "best$p2"),
          wait("best", "best$p2"),
        ],
      },
      { kind: "return", id: "return", value: object({ accuracy: get(v("best"), "accuracy") }) },
    ],
  );
  expect(draw(body, ["target"])).toMatchInlineSnapshot(`
    "flowchart TD
      params[/"params: target"/]
      data["data = split"]
      best["best = fit"]
      subgraph loop1["while best.accuracy #60; target"]
        loop1_again{"again?"}
        best_2["best = fit"]
      end
      return(["return"])
      data --> best
      best -.-> loop1_again
      params -.-> loop1_again
      data --> best_2
      best_2 -.-> loop1_again
      loop1_again -. "yes" .-> best_2
      best --> return
      best_2 --> return
    "
  `);
});

test("a branch shows its question, and each answer as a region", () => {
  const body = closure(
    "body",
    [],
    [
      call("a", "score", {}),
      wait("a", "a$p", "a", "const"),
      {
        kind: "branch",
        id: "branch1",
        text: 'a.kind === "good" && a.score > 0.5',
        cases: [{ when: less(0.5, get(v("a"), "score")), nodes: [call("publish", "publish", { model: v("a") })] }],
        otherwise: {
          nodes: [{ kind: "throw", id: "throw1", value: apply({ kind: "global", name: "Error" }, "too bad") }],
        },
      },
      {
        kind: "branch",
        id: "branch2",
        cases: [
          { when: v("a"), nodes: [{ kind: "let", id: "let2", value: { kind: "assign", target: v("a"), value: 1 } }] },
        ],
      },
    ],
  );
  expect(draw(body)).toMatchInlineSnapshot(`
    "flowchart TD
      a["a = score"]
      branch1{"a.kind === #34;good#34; #38;#38; a.score #62; 0.5?"}
      subgraph branch1_then["then"]
        publish["publish"]
      end
      subgraph branch1_else["else"]
        throw1(["throw Error(#34;too bad#34;)"])
      end
      a -.-> branch1
      a --> publish
      branch1 -. "yes" .-> branch1_then
      branch1 -. "no" .-> branch1_else
    "
  `);
});

test("a switch shows its cases, and its breaks are no ways of their own", () => {
  const body = closure(
    "body",
    ["kind"],
    [
      {
        kind: "branch",
        id: "branch1",
        on: v("kind"),
        cases: [
          { when: "tree", nodes: [call("tree", "fitTree", {}), { kind: "break", id: "break1", label: "branch1" }] },
          {
            when: "forest",
            nodes: [call("forest", "fitForest", {}), { kind: "break", id: "break2", label: "branch1" }],
          },
        ],
      },
    ],
  );
  expect(draw(body, ["kind"])).toMatchInlineSnapshot(`
    "flowchart TD
      params[/"params: kind"/]
      branch1{"kind"}
      subgraph branch1_case1["#34;tree#34;"]
        tree["tree = fitTree"]
      end
      subgraph branch1_case2["#34;forest#34;"]
        forest["forest = fitForest"]
      end
      params -.-> branch1
      branch1 -. "#34;tree#34;" .-> branch1_case1
      branch1 -. "#34;forest#34;" .-> branch1_case2
    "
  `);
});

test("a fan-out over a list, a try with its catch, and data through Promise.all", () => {
  const body = closure(
    "body",
    [],
    [
      call("data", "load", {}),
      wait("data", "data$p", "data", "const"),
      {
        kind: "each",
        id: "fits",
        of: { kind: "array", items: [1, 2, 3] },
        method: "map",
        function: closure(
          "fits",
          ["depth"],
          [
            call("fit", "fit", { data: v("data"), depth: v("depth") }, "t1"),
            { kind: "return", id: "return1", value: v("t1") },
          ],
        ),
        args: [],
        into: "promises",
      },
      {
        kind: "try",
        id: "try1",
        nodes: [
          {
            kind: "await",
            id: "await2",
            value: apply(get({ kind: "global", name: "Promise" }, "all"), v("promises")),
            declare: "const",
            target: v("fits"),
          },
          call("report", "report", { fits: v("fits") }),
          wait("report", "report$p", "report", "const"),
        ],
        catch: { target: v("error"), nodes: [call("excuse", "excuse", { error: v("error") })] },
      },
    ],
  );
  expect(draw(body)).toMatchInlineSnapshot(`
    "flowchart TD
      data["data = load"]
      subgraph fits["each of [1, 2, 3] (map)"]
        fit["fit"]
      end
      subgraph try1["try"]
        report["report"]
      end
      subgraph try1_catch["catch"]
        excuse["excuse"]
      end
      data --> fit
      fit --> report
      try1 -. "on error" .-> try1_catch
    "
  `);
});

test("a local function is drawn once, and gets what each of its callers gives", () => {
  const body = closure(
    "body",
    [],
    [
      {
        kind: "function",
        id: "twice",
        variable: "twice",
        function: closure(
          "twice",
          ["x"],
          [
            call("inc", "inc", { x: v("x") }, "t1"),
            wait("inc", "t1", "y", "const"),
            call("inc2", "inc", { x: v("y") }, "t2"),
            { kind: "return", id: "return1", value: v("t2") },
          ],
        ),
      },
      call("one", "one", {}),
      { kind: "call", id: "call1", fn: v("twice"), args: [v("one$p")], into: "a" },
      call("two", "two", {}),
      { kind: "call", id: "call2", fn: v("twice"), args: [v("two$p")], into: "b" },
      { kind: "return", id: "return", value: { kind: "array", items: [v("a"), v("b")] } },
    ],
  );
  expect(draw(body)).toMatchInlineSnapshot(`
    "flowchart TD
      subgraph twice["function twice"]
        inc["inc"]
        inc2["inc2 = inc"]
      end
      one["one"]
      two["two"]
      return(["return"])
      one --> inc
      inc --> inc2
      two --> inc
      inc2 --> return
    "
  `);
});

test("what means something to Mermaid is escaped, in names and in labels", () => {
  const body = closure(
    "body",
    [],
    [
      {
        kind: "loop",
        id: "end",
        form: "of",
        over: { value: apply(v("list"), 'a "quoted" <b> & `#1` \n line'), declare: "const", target: v("row") },
        nodes: [call("größe", "fit$2", { row: v("row") })],
      },
      call("gr??e", "fit", {}),
    ],
  );
  expect(draw(body)).toMatchInlineSnapshot(`
    "flowchart TD
      subgraph end_["for each row of list(#34;a \\#34;quoted\\#34; #60;b#62; #38; #96;#35;1#96; \\n line#34;)"]
        gr_e["größe = fit$2"]
      end
      gr_e_2["gr??e = fit"]
    "
  `);
});
