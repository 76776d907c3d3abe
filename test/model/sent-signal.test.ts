import { describe, expect, test } from "vitest";
import type { Node } from "../../src/model/node.ts";
import type { Graph } from "../../src/model/pipeline.ts";
import { checkSent } from "../../src/model/sent-signal.ts";
import type { JsonSchema } from "../../src/model/template.ts";

const graph = (...signals: [name: string | undefined, schema?: JsonSchema][]): Graph => ({
  order: "sequence",
  module: [],
  body: {
    ...{ id: "body", name: "body", async: true, params: [] },
    nodes: signals.map(([name, schema], i): Node => {
      const computed = { kind: "variable", name: "n" } as const;
      return {
        kind: "signal",
        id: `s${i}`,
        name: name ?? computed,
        ...(schema !== undefined && { schema }),
        into: `$${i}`,
      };
    }),
  },
});
const date: JsonSchema = { type: "object", properties: { when: { "x-type": "Date" } }, required: ["when"] };

describe("what is sent to a run", () => {
  test("is made what the body expects", () => {
    expect(checkSent(graph(["go", date]), "go", { when: "2026-01-31" })).toEqual({ when: new Date("2026-01-31") });
    expect(checkSent(graph(["go"]), "go", { when: "2026-01-31" })).toEqual({ when: "2026-01-31" });
    expect(checkSent(graph(["go", { "x-type": "undefined" }]), "go", undefined)).toBe(undefined);
  });

  test("is refused where it does not fit, with what was expected", () => {
    expect(() => checkSent(graph(["go", date]), "go", { when: "soon" })).toThrow(
      'the value of the signal "go" does not fit: "when": expected a date such as',
    );
    expect(() => checkSent(graph(["go", { type: "boolean" }]), "go", undefined)).toThrow(
      "missing: expected true or false",
    );
  });

  test("fits where one of the body's waits of that name takes it", () => {
    const both = graph(["go", { type: "boolean" }], ["go", { type: "string" }]);
    expect([checkSent(both, "go", true), checkSent(both, "go", "yes")]).toEqual([true, "yes"]);
    expect(() => checkSent(both, "go", 5)).toThrow("expected true or false, got 5");
    expect(checkSent(graph(["go", { type: "boolean" }], ["go"]), "go", 5)).toBe(5);
  });

  test("has a name that the body waits for, unless it computes its names", () => {
    const waits = graph(["approved", { type: "boolean" }], ["rejected"]);
    expect(() => checkSent(waits, "aproved", true)).toThrow('waits for no signal "aproved": did you mean "approved"?');
    expect(() => checkSent(waits, "other", true)).toThrow('no signal "other": it waits for approved, rejected');
    expect(() => checkSent(graph(), "go", true)).toThrow('the pipeline waits for no signal "go"');
    expect(checkSent(graph([undefined]), "any", 1)).toBe(1);
    expect(() => checkSent(graph([undefined]), "__proto__", 1)).toThrow("waits for no signal");
  });
});
