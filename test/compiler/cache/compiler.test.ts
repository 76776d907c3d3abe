/** What is kept was made by one compiler: any other one makes it anew. */
import { appendFileSync, cpSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type * as cache from "../../../src/compiler/cache.ts";

const checkout = join(import.meta.dirname, "..", "..", "..");

test("a change to any source of the compiler, or of the model, makes it forget what is kept", async () => {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), "reprise-other-compiler-")));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  for (const room of ["compiler", "model"])
    cpSync(join(checkout, "src", room), join(copy, "src", room), { recursive: true });
  symlinkSync(join(checkout, "node_modules"), join(copy, "node_modules"));
  const { cached, keep } = (await import(
    pathToFileURL(join(copy, "src", "compiler", "cache.ts")).href
  )) as typeof cache;
  const kept = () => cached(join(copy, "cache"), join(copy, "pipeline.ts"), undefined);
  const sources = readdirSync(join(copy, "src"), { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  for (const folder of ["graph", "lower", "schema"]) expect(sources.join()).toContain(join("compiler", folder));
  const forgotten = sources.filter((name) => {
    keep(join(copy, "cache"), join(copy, "pipeline.ts"), undefined, {
      text: "{}",
      files: [],
      lookedFor: [],
    });
    const before = kept();
    appendFileSync(join(copy, "src", name), "\n// changed\n");
    return before !== undefined && kept() === undefined;
  });
  expect(forgotten).toEqual(sources);
});
