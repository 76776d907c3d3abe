/** A folder in which written cases are pipelines of files, over the same few steps. */
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "../../src/compiler/compile.ts";
import type { Pipeline } from "../../src/model/pipeline.ts";
import { NotReady, outcome, steps } from "./program.ts";

export function makeProject(folder: string): void {
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(join(import.meta.dirname, "../.."), join(folder, "node_modules/reprise"));
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const options = {
    module: "nodenext",
    target: "es2024",
    strict: false,
    types: [],
    customConditions: ["reprise-source"],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: options }));
  const declared = steps.map(
    (name) => `export const ${name} = step(async (input?: any): Promise<any> => outcome("${name}", input));`,
  );
  const text = outcome
    .toString()
    .replace("function outcome(step, input)", "function outcome(step: string, input: any): any");
  writeFileSync(
    join(folder, "steps.ts"),
    `import { step } from "reprise";\nexport ${NotReady.toString()}\n${text}\n${declared.join("\n")}\n`,
  );
}

/** The case as a pipeline of one number. */
export async function compileCase(folder: string, name: string, source: string): Promise<Pipeline> {
  const file = join(folder, `${name.replace(/\W+/g, "-")}.ts`);
  const main = 'export default pipeline("case", async ({ n }: { n: number }) => await body(n));';
  writeFileSync(
    file,
    `import { pipeline } from "reprise";\nimport { ${steps.join(", ")}, NotReady } from "./steps.ts";\n${source}\n${main}\n`,
  );
  return (await compile(file, { cache: join(folder, "cache") })).pipeline;
}
