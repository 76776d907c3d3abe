import { expect, test } from "vitest";
import { plotOf } from "../../web/task/plot.ts";

const values = [
  { x: 2, y: 5, who: "b", day: "2026-01-02" },
  { x: 1, y: 4, who: "a", day: "2026-01-01" },
];
const numbers = { x: { field: "x", type: "quantitative" }, y: { field: "y", type: "quantitative" } };
const plot = (more: object) => plotOf({ data: { values }, mark: "line", encoding: numbers, ...more });

test("a line goes through its points from left to right", () => {
  const series = [{ name: "y", values: [4, 5] }];
  expect(plot({})).toEqual({ mark: "line", x: [1, 2], series, xName: "x", yName: "y" });
});

test("a color makes a series of each of its values, with nothing where one has no point", () => {
  const { x, series } = plot({ encoding: { ...numbers, color: { field: "who" } } })!;
  expect(x).toEqual([1, 2]);
  expect(series).toEqual([
    { name: "b", values: [null, 5] },
    { name: "a", values: [4, null] },
  ]);
});

test("names stand beside each other in the order of the data; times are seconds", () => {
  expect(plot({ mark: { type: "bar" }, encoding: { ...numbers, x: { field: "who" } } })).toMatchObject({
    ...{ mark: "bar", x: [0, 1], labels: ["b", "a"], series: [{ values: [5, 4] }] },
  });
  expect(plot({ encoding: { ...numbers, x: { field: "day", type: "temporal" } } })).toMatchObject({
    ...{ x: [Date.UTC(2026, 0, 1) / 1_000, Date.UTC(2026, 0, 2) / 1_000], isTime: true },
  });
});

test("points may lie above each other", () => {
  const doubled = [...values, { x: 1, y: 9 }];
  expect(plot({ data: { values: doubled }, mark: "point" })).toMatchObject({
    x: [1, 1, 2],
    series: [{ values: [4, 9, 5] }],
  });
});

test.each([
  ["an unknown mark", { mark: "rect" }],
  ["layers", { layer: [] }],
  ["a transformation", { transform: [{ filter: "datum.x > 1" }] }],
  ["an aggregate", { encoding: { ...numbers, y: { field: "y", aggregate: "mean" } } }],
  ["a logarithmic scale", { encoding: { ...numbers, y: { ...numbers.y, scale: { type: "log" } } } }],
  ["bars that would be stacked", { mark: "bar", encoding: { ...numbers, color: { field: "who" } } }],
  ["names on the y axis", { encoding: { ...numbers, y: { field: "who", type: "nominal" } } }],
  ["data from elsewhere", { data: { url: "data.csv" } }],
  ["no data", { data: { values: [] } }],
])("%s is not drawn, as the picture would be another", (_, more) => {
  expect(plot(more)).toBeUndefined();
});
