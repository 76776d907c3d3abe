import { expect, test } from "vitest";
import { CompileError } from "../../../src/compiler/problem.ts";
import { compiled } from "../project.ts";

const source = `import { pipeline, step } from "reprise";

// 🐧 before the mistake
\tconst fit = step.retry(-1)(
  async () => 1,
);

export default pipeline("p", async () => await fit());
`;

async function errorOf(): Promise<CompileError> {
  return (await compiled(source).catch((error: unknown) => error)) as CompileError;
}

test("a problem is shown with its place, its lines and its remedy", async () => {
  const error = await errorOf();
  expect(error).toBeInstanceOf(CompileError);
  expect(error.format()).toBe(`RP1015 pipeline.ts:4:25
The option retry of the step "fit" is wrong: -1 is not a number of further attempts (0, 1, 2 …).

  2 |
  3 | // 🐧 before the mistake
> 4 |  const fit = step.retry(-1)(
    |                         ^^
  5 |   async () => 1,

It takes a number of further attempts (0, 1, 2 …), or { limit, delay, factor, maxDelay, when, timedOut, lost }.

1 problem`);
});

test("color changes nothing but the color", async () => {
  const error = await errorOf();
  const colored = error.format({ color: true });
  expect(colored).toContain("\u001b[31mRP1015\u001b[39m");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the color is what is taken out
  expect(colored.replace(/\u001b\[\d+m/g, "")).toBe(error.format());
  expect(error.message).toBe(error.format());
});
