/** A file that is compiled again gives what it gives when it is compiled for the first time, whatever has changed. */
import { rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compile, recompiler } from "../../../src/compiler/compile.ts";
import { project, write } from "../project.ts";

const program = `import { pipeline, step } from "reprise";
import { near } from "./near";
import { far } from "some-package";
const add = step(async ({ n }: { n: number }) => n + near + far);
export default pipeline("again", async () => await add({ n: 1 }));
`;
const installed = (version: string, main: string) => ({
  "node_modules/some-package/package.json": JSON.stringify({
    name: "some-package",
    version,
    main,
    types: "index.d.ts",
  }),
  "node_modules/.package-lock.json": JSON.stringify({ packages: { "node_modules/some-package": { version } } }),
});

const files = {
  "pipeline.ts": program,
  "near/index.ts": "export const near = 10;",
  "node_modules/some-package/index.d.ts": "export const far: number;",
  "node_modules/some-package/old.js": "exports.far = 100;",
  "node_modules/some-package/new.js": "exports.far = 200;",
  ...installed("1.0.0", "old.js"),
};

const exact = JSON.stringify({
  compilerOptions: { customConditions: ["reprise-source"], types: [], strict: true, exactOptionalPropertyTypes: true },
});

type Change = [what: string, made: Record<string, string | null>, shows: string];

const changes: Change[] = [
  ["the body", { "pipeline.ts": program.replace("n: 1", "n: 4711") }, "4711"],
  ["a step", { "pipeline.ts": program.replace("n + near", "near - n") }, "near - n"],
  ["what it imports", { "near/index.ts": "export const near = 11;" }, "near = 11"],
  ["a file that comes before the one that an import led to", { "near.ts": "export const near = 12;" }, "near = 12"],
  ["that file gone again", { "near.ts": null }, "near = 11"],
  ["an import of nothing", { "pipeline.ts": program.replace("./near", "./nowhere") }, "./nowhere"],
  ["the file that it waits for", { "nowhere.ts": "export const near = 13;" }, "near = 13"],
  ["a wrong type", { "nowhere.ts": 'export const near = { no: "number" };' }, "TS2365"],
  [
    "the right one",
    { "nowhere.ts": "export const near = 14; export const a: { b?: 1 } = { b: undefined };" },
    "near = 14",
  ],
  ["another version of a package", installed("2.0.0", "new.js"), "exports.far = 200"],
  ["settings of TypeScript", { "tsconfig.json": exact }, "TS2375"],
];

test("after each of many changes, one after the other", { timeout: 60_000 }, async () => {
  const folder = project(files);
  const file = join(folder, "pipeline.ts");
  await using again = await recompiler(file);
  let before = await outcome(again.compile());
  for (const [what, made, shows] of changes) {
    for (const [path, text] of Object.entries(made))
      if (text === null) rmSync(join(folder, path));
      else write(folder, path, text);
    const now = await outcome(again.compile());
    expect(now === before, what).toBe(false);
    expect(now, what).toBe(await outcome(compile(file)));
    expect(now, what).toContain(shows);
    before = now;
  }
});

const outcome = (made: Promise<{ text: string }>) =>
  made.then(
    ({ text }) => text,
    ({ message }: Error) => message,
  );
