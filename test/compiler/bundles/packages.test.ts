/** Packages that stay outside of a bundle: which, and in which versions. */
import { describe, expect, test } from "vitest";
import type { Bundle } from "../../../src/model/bundle.ts";
import type { CodeTemplate } from "../../../src/model/template.ts";
import { compiled, problemsOf } from "../project.ts";

const pack = (name: string, manifest: object, code = "module.exports = 1;") => ({
  [`node_modules/${name}/package.json`]: JSON.stringify({ name, main: "index.js", ...manifest }),
  [`node_modules/${name}/index.js`]: code,
  [`node_modules/${name}/index.d.ts`]: "declare const made: number; export default made;",
});

const program = (declaration: string, imports = "") => ({
  "pipeline.ts": `import { pipeline, step } from "reprise";
${imports}
const fit = ${declaration};
export default pipeline("packages", async () => await fit());`,
});

async function bundle(files: Record<string, string | Uint8Array>): Promise<Bundle & { hash: string }> {
  const { pipeline } = await compiled(files);
  const { bundle: hash } = pipeline.templates.fit as CodeTemplate;
  return { ...(pipeline.bundles[hash] as Bundle), hash };
}

const imported = ["step(async () => made)", 'import made from "plain";'] as const;
const named = (packages: string) => program(`step.packages(${packages})(async () => made)`, imported[1]);

describe("a package that a step names", () => {
  test("stays outside, in the version that is installed, which is part of the code's hash", async () => {
    const first = await bundle({ ...named('["plain"]'), ...pack("plain", { version: "1.2.3" }) });
    expect(first.packages).toEqual({ plain: "1.2.3" });
    expect(first.code).toContain('from "plain"');
    const second = await bundle({ ...named('["plain@1"]'), ...pack("plain", { version: "1.2.4" }) });
    expect(second.packages).toEqual({ plain: "1.2.4" });
    expect(second.code).toBe(first.code);
    expect(second.hash).not.toBe(first.hash);
  });

  test("goes into the bundle where the step does not name it", async () => {
    const { packages, code } = await bundle({ ...program(...imported), ...pack("plain", { version: "1.2.3" }) });
    expect(packages).toBeUndefined();
    expect(code).not.toContain('from "plain"');
  });

  test("is provided also where no import asks for it, and need not be installed where its version is written whole", async () => {
    const { packages } = await bundle(program('step({ packages: ["@acme/found-by-name@2.0.0-rc.1"] }, async () => 1)'));
    expect(packages).toEqual({ "@acme/found-by-name": "2.0.0-rc.1" });
  });

  test("may be named in a class, and for one call", async () => {
    const { pipeline } = await compiled({
      "pipeline.ts": `import { pipeline, step, withOptions } from "reprise";
        const fit = step(async () => 1);
        @pipeline({ name: "class" }) export default class Fits {
          @step({ packages: ["plain"] }) async own() { return 1; }
          async run() { return (await this.own()) + (await withOptions(fit, { packages: ["plain"] })()) + (await fit()); }
        }`,
      ...pack("plain", { version: "1.2.3" }),
    });
    const packages = Object.values(pipeline.templates).map(
      (template) => pipeline.bundles[(template as CodeTemplate).bundle]!.packages,
    );
    expect(packages).toEqual([{ plain: "1.2.3" }, { plain: "1.2.3" }, undefined]);
  });
});

describe("packages with addons", () => {
  test("stay outside whole, where the addon is in a package for this kind of machine", async () => {
    const { packages } = await bundle({
      ...program("step(async () => made)", 'import made from "image";'),
      ...pack(
        "image",
        { version: "2.0.0", optionalDependencies: { "image-this": "2.0.0", "image-other": "2.0.0" } },
        "module.exports = require('image-this');",
      ),
      ...pack("image-this", { version: "2.0.0", cpu: [process.arch], main: "image.node" }),
      "node_modules/image-this/image.node": new Uint8Array([127, 69, 76, 70]),
    });
    expect(packages).toEqual({ image: "2.0.0" });
  });
});

describe("a problem", () => {
  test.each([
    ['["plain@2"]', "RP4001", "the package plain is asked for in version 2, and 1.2.3 is installed"],
    [
      '["other@0.34"]',
      "RP4001",
      'the package other is not installed: install it, or name it with its whole version ("other@1.2.3")',
    ],
    ['["unversioned"]', "RP4001", "the package unversioned stays outside, and its package.json has no version"],
    ['["plain@^1.2.0"]', "RP1015", '"^1.2.0" is no version, such as "0.34" or "0.34.5"'],
    ['["../plain"]', "RP1015", '"../plain" is no name of a package'],
    ['["--force"]', "RP1015", '"--force" is no name of a package'],
    ['["plain", "plain@1"]', "RP1015", "plain is there twice"],
  ])("%s says why", async (packages, number, reason) => {
    const files = { ...named(packages), ...pack("plain", { version: "1.2.3" }), ...pack("unversioned", {}) };
    expect(await problemsOf(files)).toMatchObject([{ number, message: expect.stringContaining(reason) }]);
  });

  test("is an option that a pipeline has, or a task of the store", async () => {
    const problems = await problemsOf(`import { pipeline, template, withOptions } from "reprise";
const kept = template<{ n: number }, number>({ name: "kept" });
export default pipeline.packages(["plain"])("wrong", async () => await withOptions(kept, { packages: ["plain"] })({ n: 1 }));`);
    expect(problems).toMatchObject([
      { number: "RP1015", message: expect.stringContaining("a pipeline's body uses none: its steps have the option") },
      { number: "RP1015", message: expect.stringContaining("the task has its code already") },
    ]);
  });
});
