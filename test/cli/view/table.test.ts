import { expect, test } from "vitest";
import { table } from "../../../src/cli/view/table.ts";
import { cut, formatBytes, formatNumber, oneLine, widthOf } from "../../../src/cli/view/text.ts";

const rows = [
  { id: "m1x7k2/loop1[3]/fit", name: "fit", n: 5 },
  { id: "m1x7k2/größe", name: "名前が長い", n: 1200 },
];
const columns = [
  { title: "task", cell: ({ id }: (typeof rows)[number]) => id, least: 6 },
  { title: "name", cell: ({ name }: (typeof rows)[number]) => name, least: 4 },
  { title: "n", cell: ({ n }: (typeof rows)[number]) => String(n), align: "right" as const },
];

test("columns are as wide as their cells, also where characters are wide", () => {
  expect(`\n${table(rows, columns, 80).join("\n")}\n`).toMatchInlineSnapshot(`
    "
    task                 name           n
    m1x7k2/loop1[3]/fit  fit            5
    m1x7k2/größe         名前が長い  1200
    "
  `);
});

test("where there is no room, the widest flexible column gives way", () => {
  const lines = table(rows, columns, 28);
  expect(`\n${lines.join("\n")}\n`).toMatchInlineSnapshot(`
    "
    task        name           n
    m1x7k2/lo…  fit            5
    m1x7k2/gr…  名前が長い  1200
    "
  `);
  for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(28);
});

test("a text is cut by cells, not by characters", () => {
  expect(cut("accuracy", 8)).toBe("accuracy");
  expect(cut("accuracy", 5)).toBe("accu…");
  expect(cut("名前が長い", 5)).toBe("名前…");
  expect(cut("abc", 0)).toBe("");
});

test("one line of a text has nothing in it that moves a cursor", () => {
  expect(oneLine("\u001b[2J\n  first\tline\u0007\nsecond")).toBe("first line");
  expect(oneLine("")).toBe("");
});

test("sizes and numbers have as many digits as people read", () => {
  expect([0, 999, 1_000, 123_456, 2_500_000].map(formatBytes)).toEqual(["0 B", "999 B", "1.0 KB", "123 KB", "2.5 MB"]);
  expect([1, 0.97123456, 1e-7, 12345678, Number.NaN].map(formatNumber)).toEqual([
    "1",
    "0.9712",
    "1e-7",
    "12345678",
    "NaN",
  ]);
});
