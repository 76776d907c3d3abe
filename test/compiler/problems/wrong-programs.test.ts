import { describe, expect, test } from "vitest";
import { problemsOf } from "../project.ts";

const body = (declarations: string, calls: string) => `import { pipeline, step } from "reprise";
declare function later(): string;
declare const env: { QUEUE: string };
${declarations}
export default pipeline("wrong", async () => { ${calls} });
`;

/** What is wrong → the program, and the problems that it has: number and line, and a part of the message. */
const cases: Record<string, { program: string; problems: [number: string, line: number, message: string][] }> = {
  "a step that is not async": {
    program: body("const a = step(() => 1);", "await a();"),
    problems: [["RP1005", 4, "is not async: it gives number"]],
  },
  "a step that is a generator": {
    program: body("const a = step(async function* () { yield 1; });", "a();"),
    problems: [["RP1006", 4, 'the step "a" is a generator']],
  },
  "a step of two parameters": {
    program: body("const a = step(async (x: { n: number }, y = 1) => x.n + y);", "await (a as any)({ n: 1 });"),
    problems: [["RP1007", 4, "takes 2 parameters"]],
  },
  "a step without a function": {
    program: body('const a = step({ queue: "x" });', "await (a as any)();"),
    problems: [["RP1008", 4, 'The step "a" is given no function']],
  },
  "a step inside the body": {
    program: body("", "const a = step(async () => 1); await a();"),
    problems: [["RP3010", 5, "cannot stand in a pipeline's body"]],
  },
  "a step inside an object": {
    program: body("const steps = { a: step(async () => 1) };", "await steps.a();"),
    problems: [["RP1010", 4, '"a" is not declared at the top level']],
  },
  "a step in a variable that may change": {
    program: body("let a = step(async () => 1);", "await a();"),
    problems: [["RP1011", 4, "held by a variable that may change"]],
  },
  "an option that is computed": {
    program: body(
      "const a = step.queue(env.QUEUE)(async () => 1);\nconst b = step({ queue: later() }, async () => 1);",
      "await a(); await b();",
    ),
    problems: [
      ["RP1013", 4, "The option queue"],
      ["RP1013", 5, "The option queue"],
    ],
  },
  "an option that does not exist": {
    program: body(
      "const a = step({ queu: 'x' }, async () => 1);\nconst b = step.caches()(async () => 1);",
      "await a(); await b();",
    ),
    problems: [
      ["RP1014", 4, "an option `queu`, which does not exist"],
      ["RP1014", 5, "an option `caches`, which does not exist"],
    ],
  },
  "options out of range": {
    program: body(
      'const a = step.timeLimit("5 minutes" as "5m")(async () => 1);\nconst b = step.retry(-1)(async () => 1);\nconst c = step({ priority: 0.5, name: "" }, async () => 1);',
      "await a(); await b(); await c();",
    ),
    problems: [
      ["RP1015", 4, '"5 minutes" is not a duration'],
      ["RP1015", 5, "-1 is not a number of further attempts"],
      ["RP1015", 6, "The option priority"],
      ["RP1015", 6, "The option name"],
    ],
  },
  "a body that is written nowhere": {
    program: `import { pipeline } from "reprise";\ndeclare const body: () => Promise<void>;\nexport default pipeline("p", body);`,
    problems: [["RP1009", 3, "cannot be read here"]],
  },
  "a type error beside other problems": {
    program: body(
      "const a = step(async ({ n }: { n: number }) => n);\nconst b = step.retry(0.5)(async () => 1);",
      'await a({ n: "1" }); await b();',
    ),
    problems: [
      ["RP1015", 5, "0.5 is not a number"],
      ["TS2322", 6, "Type 'string' is not assignable to type 'number'"],
    ],
  },
  "a syntax error, alone": {
    program: body("const a = step(async () => {;", "await a();"),
    problems: [["TS1005", 6, "expected"]],
  },
  "reprise under another name that does not exist": {
    program: `import { pipeline } from "reprize";\nexport default pipeline("p", async () => 1);`,
    problems: [
      ["RP1002", 1, "declares no pipeline"],
      ["TS2307", 1, "Cannot find module 'reprize'"],
    ],
  },
};

describe("a problem has its number, its line and its sentence", () => {
  test.each(Object.entries(cases))("%s", async (_, { program, problems }) => {
    const found = await problemsOf(program);
    expect(found.map(({ number, place }) => [number, Number(place.split(":")[1])])).toEqual(
      problems.map(([number, line]) => [number, line]),
    );
    for (const [i, [, , message]] of problems.entries()) expect(found[i]?.message).toContain(message);
  });
});
