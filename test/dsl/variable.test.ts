import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { variableAt } from "../../src/dsl/variable.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The `§` stands where the stack says that the call is. */
test.each([
  ["const fit = §step(async () => 1);", "fit"],
  ["export const fit = §step(async () => 1)", "fit"],
  ["let  größe=§step(async () => 1)", "größe"],
  ["const fit: (row: Row) => Promise<Row> = §step(f)", "fit"],
  ["const fit = reprise.§step(f)", "fit"],
  ['const fit = step.queue("gpu").retry({ limit: 2, when: ["a"] })§(f)', "fit"],
  ['const fit = step\n  .queue("gpu")\n  .retry({ limit: 2 }§)(f)', "fit"],
  ["const a = 1;\nconst fit = §step(f)", "fit"],
  ["const a = 1;\nexport default §pipeline(f)", undefined],
  ["const a = b\nexport default §pipeline(f)", undefined],
  ["const steps = { fit: §step(f) }", undefined],
  ["const steps = [§step(f)]", undefined],
  ["const fit = wrapped(§step(f))", undefined],
  ["const same = a === §step(f)", undefined],
  ["const make = () => §step(f)", undefined],
  ["§step(f)", undefined],
])("%s", async (marked, name) => {
  const file = join(folder, "pipeline.ts");
  await writeFile(file, marked.replace("§", ""));
  const before = marked.slice(0, marked.indexOf("§")).split("\n");
  expect(variableAt({ file, line: before.length, column: (before.at(-1)?.length ?? 0) + 1 })).toBe(name);
});

test("no source, no name", () => {
  expect(variableAt({ file: join(folder, "gone.ts"), line: 1, column: 1 })).toBeUndefined();
  expect(variableAt(undefined)).toBeUndefined();
});
