/** What `reprise/vitest` gives to an author's tests. That decorators run under it, all tests of classes show. */
import { describe, expect, test } from "vitest";
import { decorators } from "../src/vitest.ts";

const { transform } = decorators();

describe("the plugin", () => {
  test.each(["a.ts", "a.mts", "a.tsx", "a.ts?v=1"])(
    "rewrites decorators in %s, with a map to the source",
    async (id) => {
      const made = await transform("export class A {\n  @step async fit() {}\n}\n", id);
      expect(made?.code).not.toMatch(/^\s*@step/m);
      expect(JSON.parse(made?.map ?? "")).toMatchObject({ sources: [id] });
    },
  );

  test.each(["@pipeline\nclass A {}", "@(step.retry(2)) class A {}", 'export default @pipeline("a") class A {}'])(
    "sees %j",
    async (code) => {
      expect(await transform(code, "a.ts")).toBeDefined();
    },
  );

  test("leaves all else to others", async () => {
    expect(await transform("export const address = 'a@b.c'; // @ts-check", "a.ts")).toBeUndefined();
    expect(await transform("@step class A {}", "a.js")).toBeUndefined();
    expect(await transform("@media print {}", "a.css")).toBeUndefined();
  });
});
