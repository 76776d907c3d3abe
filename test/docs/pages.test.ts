import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { pages } from "../../docs/pages.ts";

it.each(Object.entries(await pages()))("docs/%s is what the code says: npm run docs writes it", (name, text) => {
  expect(readFileSync(join(import.meta.dirname, "../../docs", name), "utf8")).toBe(text);
});
