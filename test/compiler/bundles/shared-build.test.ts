/** All steps are bundled in one build; each bundle is what it would be alone. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compile } from "../../../src/compiler/compile.ts";
import type { Bundle } from "../../../src/model/bundle.ts";
import type { Pipeline } from "../../../src/model/pipeline.ts";
import type { CodeTemplate } from "../../../src/model/template.ts";
import { project } from "../project.ts";

const bundleOf = ({ templates, bundles }: Pipeline, name: string): Bundle =>
  bundles[(templates[name] as CodeTemplate).bundle]!;

/** The bundles of a program's steps: all together, and each where the pipeline calls no other. */
async function bundled(files: Record<string, string>, imports: string, steps: string[]) {
  const folder = project(files);
  const calling = async (called: string[]) => {
    const body = called.map((step) => `await ${step}();`).join(" ");
    const text = `import { pipeline } from "reprise";\n${imports}\nexport default pipeline("p", async () => { ${body} });\n`;
    writeFileSync(join(folder, "pipeline.ts"), text);
    return (await compile(join(folder, "pipeline.ts"))).pipeline;
  };
  const together = await calling(steps);
  const made: { step: string; together: Bundle; alone: Bundle }[] = [];
  for (const step of steps)
    made.push({ step, together: bundleOf(together, step), alone: bundleOf(await calling([step]), step) });
  return made;
}

const stateful = {
  "node_modules/stateful/package.json":
    '{ "name": "stateful", "version": "1.0.0", "type": "module", "main": "index.js" }',
  "node_modules/stateful/index.js": 'globalThis.seen = "evaluated";\nexport const value = 1;',
  "node_modules/stateful/index.d.ts": "export const value: number;",
};

test("a package that one step names, another asks for its effect, and a third reaches by a package", async () => {
  const files = {
    ...stateful,
    "node_modules/outer/package.json": '{ "name": "outer", "version": "1.0.0", "type": "module", "main": "index.js" }',
    "node_modules/outer/index.js": 'import "stateful";\nexport const outer = 2;',
    "node_modules/outer/index.d.ts": "export const outer: number;",
    "names.ts": `import { step } from "reprise";\nimport { value } from "stateful";
      export const other = () => value;\nexport const names = step(async () => "names");`,
    "effect.ts": `import { step } from "reprise";\nimport "stateful";\nexport const effect = step(async () => "effect");`,
    "through.ts": `import { step } from "reprise";\nimport { outer } from "outer";\nexport const through = step(async () => outer);`,
  };
  const imports =
    'import { names } from "./names.ts"; import { effect } from "./effect.ts"; import { through } from "./through.ts";';
  const made = await bundled(files, imports, ["names", "effect", "through"]);
  for (const { together, alone } of made) expect(together).toEqual(alone);
  expect(made.map(({ step, together }) => [step, together.code.includes("evaluated")])).toEqual([
    ["names", false],
    ["effect", true],
    ["through", true],
  ]);
});

test("an author's module that plain JavaScript imports too is in a bundle once", async () => {
  const files = {
    "count.ts": "let n = 0;\nexport const count = (): number => ++n;",
    "plain.js": 'import { count } from "./count.ts";\nexport const plain = () => count();',
    "plain.d.ts": "export function plain(): number;",
    "steps.ts": `import { step } from "reprise";\nimport { count } from "./count.ts";\nimport { plain } from "./plain.js";
      export const one = step(async () => count() + plain());\nexport const two = step(async () => count());`,
  };
  const made = await bundled(files, 'import { one, two } from "./steps.ts";', ["one", "two"]);
  for (const { together, alone } of made) {
    expect(together).toEqual(alone);
    expect(together.code.match(/(?:let|var) n\w* = 0/g)).toHaveLength(1);
  }
});

test("licences and names of modules tell nothing of the build", async () => {
  const files = {
    "steps.ts": `/*! licence of steps */\nimport { step } from "reprise";\nimport { helped } from "./help.cjs";
      export const one = step(async () => helped);\nexport const two = step(async () => helped + 1);`,
    "help.cjs": "/*! licence of help */\nexports.helped = 1;",
    "help.d.cts": "export const helped: number;",
  };
  const made = await bundled(files, 'import { one, two } from "./steps.ts";', ["one", "two"]);
  for (const { together, alone } of made) {
    expect(together).toEqual(alone);
    expect(JSON.stringify(together)).not.toContain("reprise=");
    expect(together.code).toContain("licence of steps");
  }
});
