import { expect, test } from "vitest";
import { monitoredName } from "../../src/model/monitor.ts";
import { taskOptions } from "../../src/model/options.ts";

const monitor = { metrics: ["loss/train", ["acc/*", "best/*"], "time/*"], models: ["tree-*"] } as const;

test("a monitored name stays, or becomes another, with what the star stood for", () => {
  expect(monitoredName(monitor, "metrics", "loss/train")).toBe("loss/train");
  expect(monitoredName(monitor, "metrics", "acc/val")).toBe("best/val");
  expect(monitoredName(monitor, "models", "tree-7")).toBe("tree-7");
});

test("what no selector fits is not monitored; what a pattern holds else is meant as it stands", () => {
  expect(monitoredName(monitor, "metrics", "loss/training")).toBeUndefined();
  expect(monitoredName(monitor, "artifacts", "tree-7")).toBeUndefined();
  expect(monitoredName({ artifacts: ["a.c"] }, "artifacts", "abc")).toBeUndefined();
  expect(monitoredName(undefined, "metrics", "loss/train")).toBeUndefined();
});

test("a monitor that is none is refused with the reason", () => {
  const wrong = (given: unknown) => () => taskOptions({ monitor: given as never }, "step");
  expect(wrong(true)).toThrow("monitor: it is not an object");
  expect(wrong({ metric: [] })).toThrow('monitor: it has no "metric"');
  expect(wrong({ metrics: ["loss"] })).toThrow("monitor: a metric is named by title and series");
  expect(wrong({ models: [["a"]] })).toThrow("monitor: models is not a list of names and pairs of names");
  expect(() => taskOptions({ monitor: {} }, "pipeline")).toThrow("monitor: a pipeline reports nothing itself");
});
