import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../../src/compiler/compile.ts";
import { type Bundle, bundleTampering, fileBytes } from "../../../src/model/bundle.ts";
import { admit, type Pipeline } from "../../../src/model/pipeline.ts";
import type { CodeTemplate } from "../../../src/model/template.ts";
import { compiled, project } from "../project.ts";

const run = promisify(execFile);

const handing = `(await import(${JSON.stringify(join(import.meta.dirname, "../../../src/model/encoder.ts"))})).handEncoder();`;

/** Runs a step's bundle in a process of its own, in a folder that holds nothing else. Gives what the step gave. `before`: what the process has done. */
async function runStep(pipeline: Pipeline, name: string, input?: unknown, before = handing): Promise<unknown> {
  const { bundle, export: exported } = pipeline.templates[name] as CodeTemplate;
  const folder = mkdtempSync(join(tmpdir(), "reprise-bundle-"));
  const { code, files = {} } = pipeline.bundles[bundle] as Bundle;
  writeFileSync(join(folder, "module.mjs"), code);
  for (const [path, file] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), fileBytes(file));
  }
  const call = `
    import { AsyncLocalStorage } from "node:async_hooks";
    ${before}
    const contexts = globalThis[Symbol.for("reprise.stepContext")] = new AsyncLocalStorage();
    const { ${exported}: fn } = await import("./module.mjs");
    const result = await contexts.run({ attempt: 1, log() {} }, fn, ${JSON.stringify(input)});
    console.log("result:" + JSON.stringify(result));`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", call], { cwd: folder });
  return JSON.parse(stdout.slice(stdout.indexOf("result:") + "result:".length));
}

const bundleOf = (pipeline: Pipeline, name: string) =>
  pipeline.bundles[(pipeline.templates[name] as CodeTemplate).bundle] as Bundle;

const authors = {
  "pipeline.ts": `
    import { readFileSync } from "node:fs";
    import { pipeline, step, Task } from "reprise";
    import { classic } from "classic";
    import { modern } from "modern";
    import settings from "./settings.json" with { type: "json" };
    import "for-effect";
    import { shared } from "./helpers/shared.ts";
    import { readOther } from "./helpers/data.ts";

    const secretOfAnother = "only the other step needs this";
    enum Size { Small = 1, Large = 10 }

    export const plain = step.queue("cpu").retry(2)(async ({ n }: { n: number }) => shared(n) * Size.Large);
    const hidden = step(async () => secretOfAnother);
    export const reads = step(async () => ({
      text: readFileSync(new URL("./data/table.csv", import.meta.url), "utf8"),
      bytes: [...readFileSync(new URL("./data/raw.bin", import.meta.url))],
      other: readOther(),
      settings,
    }));
    export const usesPackages = step(async () => [classic("a"), modern("b")]);
    export const reports = step(async () => {
      Task.current().log("noted");
      return Task.current().attempt;
    });
    export const callsAnother = step(async () => {
      const given = { n: 2 };
      return { product: await plain(given), text: await hidden() };
    });
    export const twin = step(twice);
    export const sameTwin = step.queue("gpu")(twice);
    async function twice({ n }: { n: number }) { return 2 * n; }
    export const fails = step(async () => {
      throw new Error("on line 39");
    });
    export const then = step(async () => "then");

    export default pipeline("bundled", async () => {
      await plain({ n: 1 });
      await hidden(); await reads(); await usesPackages(); await reports(); await callsAnother();
      await twin({ n: 1 }); await sameTwin({ n: 1 }); await fails(); await then();
    });
    console.error("the module is evaluated");
  `,
  "helpers/shared.ts": `export const shared = (n: number): number => n + 1;`,
  "helpers/data.ts": `
    import { readFileSync } from "node:fs";
    export const readOther = () => readFileSync(new URL("table.csv", import.meta.url), "utf8");`,
  "helpers/table.csv": "other",
  "settings.json": '{ "depth": 3 }',
  "data/table.csv": "a,b\n1,2\n",
  "data/raw.bin": new Uint8Array([0, 255, 254, 1]),
  "node_modules/for-effect/package.json": '{ "name": "for-effect", "version": "1.0.0", "main": "index.js" }',
  "node_modules/for-effect/index.js": 'globalThis.effect = "wanted";',
  "node_modules/classic/package.json": '{ "name": "classic", "version": "1.0.0", "main": "index.js" }',
  "node_modules/classic/index.js": `
    const path = require("path");
    const name = "node:" + "os";
    exports.classic = (x) => path.join(x, typeof require(name).platform(), typeof __dirname, path.basename(__filename));`,
  "node_modules/classic/index.d.ts": "export function classic(x: string): string;",
  "node_modules/modern/package.json":
    '{ "name": "modern", "version": "2.0.0", "type": "module", "exports": { "types": "./index.d.ts", "default": "./index.js" } }',
  "node_modules/modern/index.js": `
    import { readFileSync } from "node:fs";
    export const modern = (x) => x + readFileSync(new URL("./words.txt", import.meta.url), "utf8");`,
  "node_modules/modern/index.d.ts": "export function modern(x: string): string;",
  "node_modules/modern/words.txt": "of words",
};

describe("a step's bundle", () => {
  let pipeline: Pipeline;
  let text: string;
  beforeAll(async () => {
    ({ pipeline, text } = await compiled(authors, { nodeTypes: true }));
  });

  test("runs on its own", async () => {
    expect(await runStep(pipeline, "plain", { n: 2 })).toBe(30);
  });

  test("is there for a step that is not exported", async () => {
    expect(await runStep(pipeline, "hidden")).toBe("only the other step needs this");
  });

  test("brings its data files, texts and bytes, also two of one name", async () => {
    expect(await runStep(pipeline, "reads")).toEqual({
      text: "a,b\n1,2\n",
      bytes: [0, 255, 254, 1],
      other: "other",
      settings: { depth: 3 },
    });
    expect(Object.keys(bundleOf(pipeline, "reads").files ?? {})).toEqual([
      "files/raw.bin",
      expect.stringMatching(/^files\/table-[0-9a-f]{8}\.csv$/),
      "files/table.csv",
    ]);
    expect(Object.values(bundleOf(pipeline, "reads").files ?? {})).toContainEqual(
      expect.objectContaining({ text: "a,b\n1,2\n" }),
    );
    expect(bundleOf(pipeline, "reads").files?.["files/raw.bin"]).toMatchObject({ base64: "AP/+AQ==" });
  });

  test("brings its packages: CommonJS with require and __dirname, modules with data files", async () => {
    expect(await runStep(pipeline, "usesPackages")).toEqual(["a/string/string/module.mjs", "bof words"]);
  });

  test("brings what it needs of reprise", async () => {
    expect(await runStep(pipeline, "reports")).toBe(1);
    expect(bundleOf(pipeline, "reports").code.length).toBeLessThan(20_000);
  });

  test("may call another step, which then is the plain function with its copies", async () => {
    expect(await runStep(pipeline, "callsAnother")).toEqual({ product: 30, text: "only the other step needs this" });
  });

  test("holds nothing of other steps, of the pipeline or of reprise", () => {
    const { code, files } = bundleOf(pipeline, "plain");
    expect(code).not.toContain("only the other step");
    expect(code).not.toContain("table.csv");
    expect(code).not.toContain("classic/");
    expect(code).not.toMatch(/queue|retry|bundled/);
    expect(code).toContain("wanted");
    expect(code.length).toBeLessThan(2_000);
    expect(files).toBeUndefined();
  });

  test("is shared by steps of one function", () => {
    expect((pipeline.templates.twin as CodeTemplate).export).toBe("twin");
    expect((pipeline.templates.sameTwin as CodeTemplate).export).toBe("sameTwin");
    expect(bundleOf(pipeline, "twin").code).toContain("twice");
  });

  test("has a name for a step called then, which no module may export", async () => {
    expect((pipeline.templates.then as CodeTemplate).export).toBe("then_");
    expect(await runStep(pipeline, "then")).toBe("then");
  });

  test("maps a failure back to the author's line and column", async () => {
    const { code, map } = bundleOf(pipeline, "fails");
    const folder = mkdtempSync(join(tmpdir(), "reprise-bundle-"));
    writeFileSync(join(folder, "module.mjs"), `${code}//# sourceMappingURL=module.mjs.map\n`);
    writeFileSync(join(folder, "module.mjs.map"), map as string);
    const call = `import { fails } from "./module.mjs"; await fails().catch((e) => console.log(e.stack));`;
    const { stdout } = await run(process.execPath, ["--enable-source-maps", "--input-type=module", "-e", call], {
      cwd: folder,
    });
    const line = authors["pipeline.ts"].split("\n").findIndex((text) => text.includes("on line 39")) + 1;
    expect(stdout).toContain(`${join(folder, "pipeline.ts")}:${line}:13`);
  });

  test("is whole: hashes match, and the printed pipeline is admitted", () => {
    for (const [hash, bundle] of Object.entries(pipeline.bundles))
      expect(bundleTampering(hash as never, bundle)).toBeUndefined();
    expect(admit(text)).toEqual(pipeline);
  });

  test("names no folder of the machine", () => {
    expect(text).not.toContain(tmpdir());
    expect(text).not.toContain(join(import.meta.dirname, "..", "..", ".."));
  });
});

describe("a step that calls another", () => {
  const callsAnother = () =>
    compiled(`
      import { pipeline, step } from "reprise";
      const sorted = step(async ({ words }: { words: Map<string, bigint> }) => new Map([...words].sort()));
      const both = step(async () => {
        const words = new Map([["b", 2n], ["a", 1n]]);
        return [[...(await sorted({ words })).keys()], [...words.keys()]];
      });
      export default pipeline("copies", async () => await both());
    `);

  test("takes the encoder of its values from the process that it runs in, and does not carry one", async () => {
    const { pipeline } = await callsAnother();
    expect(bundleOf(pipeline, "both").code.length).toBeLessThan(40_000);
    expect(await runStep(pipeline, "both")).toEqual([
      ["a", "b"],
      ["b", "a"],
    ]);
  });

  test("says so where a process hands it none", async () => {
    const { pipeline } = await callsAnother();
    await expect(runStep(pipeline, "both", undefined, "")).rejects.toThrow("was loaded outside of Reprise");
  });
});

test("two checkouts in different folders give the same bytes", async () => {
  const one = project(authors, { nodeTypes: true });
  const other = project(Object.fromEntries(Object.entries(authors).reverse()), { nodeTypes: true });
  const texts = await Promise.all(
    [one, other, one].map(async (folder) => (await compile(join(folder, "pipeline.ts"))).text),
  );
  expect(texts[1]).toBe(texts[0]);
  expect(texts[2]).toBe(texts[0]);
});

test("a bundle holds what the step's author wrote, which counts for nothing in its hash", async () => {
  const files = (says: string) => ({
    "pipeline.ts": `
      import { pipeline, step } from "reprise";
      /** ${says} */
      export const twice = step.retry(2)(async ({ n }: { n: number }): Promise<number> => {
        return n * 2;
      });
      export default pipeline("twice", async () => await twice({ n: 1 }));
    `,
  });
  const [one, other] = await Promise.all([compiled(files("Doubles.")), compiled(files("Makes two of one."))]);
  expect(bundleOf(one.pipeline, "twice").source).toBe(
    [
      "/** Doubles. */",
      "export const twice = step.retry(2)(async ({ n }: { n: number }): Promise<number> => {",
      "  return n * 2;",
      "});",
    ].join("\n"),
  );
  expect(bundleOf(other.pipeline, "twice").source).toContain("Makes two of one.");
  expect(other.pipeline.templates.twice).toEqual(one.pipeline.templates.twice);
});

test("of a step that is a method, the author's text is the method", async () => {
  const { pipeline } = await compiled({
    "pipeline.ts": `
      import { pipeline, step } from "reprise";
      @pipeline({ name: "classy" })
      export class Classy {
        @step({ retry: 2 })
        async twice({ n }: { n: number }) {
          return n * 2;
        }
        async run() {
          return await this.twice({ n: 1 });
        }
      }
    `,
  });
  expect(bundleOf(pipeline, "twice").source).toBe(
    ["@step({ retry: 2 })", "async twice({ n }: { n: number }) {", "  return n * 2;", "}"].join("\n"),
  );
});

test("a package with a native addon stays outside, with its version", async () => {
  const { pipeline } = await compiled({
    "pipeline.ts": `
      import { pipeline, step } from "reprise";
      import { fast } from "@scope/addon";
      const native = step(async () => fast());
      export default pipeline("addon", async () => await native());
    `,
    "node_modules/@scope/addon/package.json": '{ "name": "@scope/addon", "version": "3.1.4", "main": "index.js" }',
    "node_modules/@scope/addon/index.js": 'module.exports = require("./build/addon.node");',
    "node_modules/@scope/addon/index.d.ts": "export function fast(): number;",
    "node_modules/@scope/addon/build/addon.node": new Uint8Array([127, 69, 76, 70]),
  });
  expect(bundleOf(pipeline, "native").packages).toEqual({ "@scope/addon": "3.1.4" });
  expect(bundleOf(pipeline, "native").code).toContain('from "@scope/addon"');
});
