import { execFile } from "node:child_process";
import { readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../../src/compiler/compile.ts";
import { project, write } from "../project.ts";

const source = (value: string) => `
  import { pipeline, step } from "reprise";
  import { value } from "some-package";
  import { constant } from "./constant.ts";
  const a = step(async () => [value, constant, new URL("./data.txt", import.meta.url).href]);
  export default pipeline("cached", async () => ({ a: await a(), b: ${value} }));
  export const second = pipeline("second", async () => 2);
`;

describe("a compiled pipeline is kept", () => {
  let folder: string;
  let cache: string;
  let first: string;
  const compileAgain = (pipeline?: string) =>
    compile(join(folder, "pipeline.ts"), { cache, ...(pipeline && { pipeline }) });

  beforeAll(async () => {
    folder = project(
      {
        "pipeline.ts": source("1"),
        "constant.ts": "export const constant = 1;",
        "data.txt": "data",
        "types.d.ts": "declare const ambient: number;",
        "node_modules/some-package/package.json": '{ "name": "some-package", "version": "1.0.0", "main": "index.js" }',
        "node_modules/some-package/index.js": "exports.value = require('./inner.js');",
        "node_modules/some-package/inner.js": "module.exports = 1;",
        "node_modules/some-package/index.d.ts": "export const value: number;",
      },
      { nodeTypes: true },
    );
    cache = join(folder, ".reprise", "compiled");
    first = (await compileAgain()).text;
  });

  /** What is kept is taken: a mark that was put into it comes back. */
  async function isHit(pipeline?: string): Promise<boolean> {
    for (const name of readdirSync(cache)) {
      const kept = JSON.parse(await import("node:fs").then((fs) => fs.readFileSync(join(cache, name), "utf8")));
      writeFileSync(
        join(cache, name),
        JSON.stringify({ ...kept, text: JSON.stringify({ ...JSON.parse(kept.text), name: "taken" }) }),
      );
    }
    return (await compileAgain(pipeline)).pipeline.name === "taken";
  }

  test("and taken while nothing changes", async () => {
    expect(await isHit()).toBe(true);
    const now = new Date();
    utimesSync(join(folder, "pipeline.ts"), now, now);
    expect(await isHit()).toBe(true);
  });

  test.each([
    ["the pipeline's file", "pipeline.ts", source("2")],
    ["a file that it imports", "constant.ts", "export const constant = 2;"],
    ["a data file", "data.txt", "other data"],
    ["a package's inner module", "node_modules/some-package/inner.js", "module.exports = 2;"],
    ["a package's types", "node_modules/some-package/index.d.ts", "export const value: 1 | 2;"],
    [
      "the tsconfig.json",
      "tsconfig.json",
      '{ "compilerOptions": { "customConditions": ["reprise-source"], "strict": false } }',
    ],
    ["the package.json", "package.json", '{ "name": "renamed", "type": "module" }'],
    ["a lock file that appears", "package-lock.json", "{}"],
  ])("but not after a change of %s", async (_, path, content) => {
    write(folder, path, content);
    expect(await isHit()).toBe(false);
    expect(await isHit()).toBe(true);
  });

  test("for each pipeline of the file", async () => {
    expect((await compileAgain("second")).pipeline.name).toBe("second");
    expect(await isHit("second")).toBe(true);
  });

  test("also for who asks for its only pipeline by name when it was compiled without", async () => {
    write(folder, "package.json", '{ "name": "once more", "type": "module" }');
    expect(await isHit()).toBe(false);
    expect(await isHit("cached")).toBe(true);
  });

  test("and a damaged entry is compiled anew", async () => {
    for (const name of readdirSync(cache)) writeFileSync(join(cache, name), "{");
    expect((await compileAgain()).pipeline.name).toBe("cached");
    rmSync(cache, { recursive: true });
    expect((await compileAgain()).text).toContain('"cached"');
    expect(first).toContain('"cached"');
  });
});

test("what is kept is taken without loading TypeScript or the bundler", async () => {
  const folder = project({
    "pipeline.ts": 'import { pipeline } from "reprise"; export default pipeline("light", async () => 1);',
  });
  const file = join(folder, "pipeline.ts");
  const cache = join(folder, "cache");
  await compile(file, { cache });
  const module = join(import.meta.dirname, "../../../src/compiler/compile.ts");
  const script = `
    import { compile } from ${JSON.stringify(module)};
    import { registerHooks } from "node:module";
    registerHooks({ load(url, context, next) { if (/ts-morph|esbuild|zod/.test(url)) console.log("loaded " + url); return next(url, context); } });
    console.log((await compile(${JSON.stringify(file)}, { cache: ${JSON.stringify(cache)} })).pipeline.name);
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);
  expect(stdout.trim()).toBe("light");
});
