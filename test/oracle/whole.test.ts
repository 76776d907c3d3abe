/**
 * The whole way: every written case compiled from files, run by the controller on the real store, its steps by a real agent. With one slot, steps end in
 * the order in which they were called, so that calls, inputs and the end are those of the plain function under that order.
 */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { compile } from "../../src/compiler/compile.ts";
import { decode, encode } from "../../src/model/value.ts";
import { open, type Reprise } from "../../src/open.ts";
import { cases } from "./cases.ts";
import { tracePlain } from "./oracle.ts";
import { orders } from "./order.ts";
import { NotReady, outcome, steps } from "./program.ts";

const folder = mkdtempSync(join(tmpdir(), "reprise-whole-"));
let reprise: Reprise;

beforeAll(async () => {
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
  reprise = await open({ store: join(folder, "store"), agents: [{ slots: 1, isolation: "inline" }] });
});
afterAll(async () => {
  await reprise.close();
  rmSync(folder, { recursive: true, force: true });
});

it.each(Object.entries(cases))("%s", { timeout: 60_000 }, async (name, source) => {
  const file = join(folder, `${name.replace(/\W+/g, "-")}.ts`);
  const main = 'export default pipeline("case", async ({ n }: { n: number }) => await body(n));';
  writeFileSync(
    file,
    `import { pipeline } from "reprise";\nimport { ${steps.join(", ")}, NotReady } from "./steps.ts";\n${source}\n${main}\n`,
  );
  const { pipeline } = await compile(file, { cache: join(folder, "cache") });

  const run = await reprise.start(pipeline, { n: 2 });
  const ended = await run.outcome();
  const tasks = (await reprise.store.tasks.list({ run: run.id })).slice(1);
  const calls = tasks.map(
    ({ name, input }) => `call ${name}(${input && "text" in input ? encode(decode(input.text)) : encode(undefined)})`,
  );

  const expected = await tracePlain(source, 2, (orders["first in first"] as () => () => number)());
  const end =
    ended.status === "completed"
      ? `return ${encode(ended.result)}`
      : `throw ${ended.status === "failed" ? `${ended.failure.name}: ${ended.failure.message}` : ended.status}`;
  expect(calls).toEqual(expected.filter((line) => line.startsWith("call ")).slice(0, calls.length));
  expect(end).toBe(expected.at(-1));
});
