import { expect, test } from "vitest";
import { compiled, problemsOf } from "../project.ts";

const program = (step: string, before = "") => `import { pipeline, step } from "reprise";
${before}
declare function read(path: unknown): string;
const wrong = step(async () => ${step});
export default pipeline("wrong", async () => await wrong());
`;

test("a data file that is not there is a problem, and so is a folder", async () => {
  const problems = await problemsOf(
    {
      "pipeline.ts": program(
        '[read(new URL("./gone.csv", import.meta.url)), read(new URL("./data", import.meta.url))]',
      ),
      "data/a.csv": "",
    },
    { nodeTypes: true },
  );
  expect(problems.map(({ number, place, message }) => [number, place, message])).toEqual([
    ["RP4002", "pipeline.ts:4:46", "The file ./gone.csv is not there."],
    ["RP4002", "pipeline.ts:4:92", "The file ./data is a folder."],
  ]);
});

test("a module's own folder is a problem where a step asks for it, and nowhere else", async () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: as an author writes it
  const asks = "read(`${import.meta.dirname}/table.csv`)";
  expect(await problemsOf(program(asks), { nodeTypes: true })).toMatchObject([
    { number: "RP4003", place: "pipeline.ts:4:40", message: expect.stringContaining("`import.meta.dirname`") },
  ]);
  await compiled(program("1", `export const elsewhere = async () => ${asks};`), { nodeTypes: true });
});

test("a module that cannot be bundled is a problem at its import", async () => {
  const problems = await problemsOf({
    "pipeline.ts": program("missing", 'import { missing } from "typed-only";'),
    "node_modules/typed-only/package.json":
      '{ "name": "typed-only", "version": "1.0.0", "types": "index.d.ts", "main": "gone.js" }',
    "node_modules/typed-only/index.d.ts": "export const missing: number;",
  });
  expect(problems).toMatchObject([
    {
      number: "RP4001",
      place: "pipeline.ts:2:25",
      message: expect.stringContaining(
        'The code of the step "wrong" cannot be bundled: Could not resolve "typed-only"',
      ),
    },
  ]);
});
