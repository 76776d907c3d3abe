import { describe, expect, test } from "vitest";
import { problemsOf } from "../project.ts";

const inClass = (members: string, head = '@pipeline("wrong")') => `import { pipeline, step } from "reprise";
const outside: unknown[] = [];
${head}
export default class Wrong {
  ${members}
}
`;

const inBody = (body: string, members = "") =>
  inClass(`${members} @step async fit({ n }: { n: number }) { return n; } async run() { ${body} }`);

/** What is wrong → the program, and the problems that it has: number and line, and a part of the message. */
const cases: Record<string, { program: string; problems: [number: string, line: number, message: string][] }> = {
  "a class without a body": {
    program: inClass("@step async fit() { return 1; }"),
    problems: [["RP1101", 3, 'The class of the pipeline "wrong" has no method `run`']],
  },
  "a body that is not async": {
    program: inClass("run() { return 1; }"),
    problems: [
      ["RP1005", 5, 'The function of the pipeline "wrong" is not async'],
      ["RP3001", 5, "The body of a pipeline is an async function"],
    ],
  },
  "a step that is not async": {
    program: inClass("@step fit() { return 1; } async run() { return await this.fit(); }"),
    problems: [["RP1005", 5, 'The function of the step "fit" is not async: it gives number']],
  },
  "a step of two parameters": {
    program: inClass(
      "@step async fit(a: { n: number }, b: number) { return b; } async run() { await this.fit({ n: 1 }, 2); }",
    ),
    problems: [
      ["RP1007", 5, "takes 2 parameters"],
      ["RP3013", 5, 'The step "fit" takes one object or nothing'],
    ],
  },
  "a step whose input is no object": {
    program: inClass("@step async fit(n: number) { return n; } async run() { return await this.fit(1); }"),
    problems: [["TS1241", 5, "takes one object, or nothing"]],
  },
  "a class that is made with arguments": {
    program: inClass("constructor(readonly limit: number) {} async run() { return 1; }"),
    problems: [["RP1102", 5, 'The class of the pipeline "wrong" is not made without arguments']],
  },
  "a step in the wrong place": {
    program: inClass("@step static async a() {} @step async #b() { return this.#b; } async run() {}"),
    problems: [
      ["RP1103", 5, "`@step` stands on a static method"],
      ["RP1103", 5, "`@step` stands on a private method"],
    ],
  },
  "options that are wrong": {
    program: inClass(
      "@step({ queue: String(1) }) async a() {} async run() { await this.a(); }",
      "@pipeline({ timeLimit: '1 hour' as never })",
    ),
    problems: [
      ["RP1015", 3, "The option timeLimit"],
      ["RP1013", 5, 'The option queue of the step "a"'],
    ],
  },
  "a field that may change": {
    program: inBody("return this.count;", "count = 0;"),
    problems: [["RP3102", 5, "`this.count` is a field that may change"]],
  },
  "a field that is changed": {
    program: inBody("this.count = 1; this.count += 1; this.rows.push(1);", "count = 0; readonly rows: number[] = [];"),
    problems: [
      ["RP3104", 5, "This changes `this.count`"],
      ["RP3104", 5, "This changes `this.count`"],
      ["RP3104", 5, "This changes `this.rows`"],
    ],
  },
  "a field that is not known": {
    program: inBody("return this.rows;", "readonly rows = outside.concat(process.env);"),
    problems: [["RP3002", 5, "`process` is not available"]],
  },
  "`this` by itself": {
    program: inBody("const { fit } = this; return await fit({ n: 1 });"),
    problems: [["RP3010", 5, "`this` by itself cannot stand"]],
  },
  "`this` of another function": {
    program: inBody("const o = { n: 1, async get(this: { n: number }) { return this.n; } }; return await o.get();"),
    problems: [["RP3010", 5, "`this` by itself"]],
  },
  "a method passed on without its object": {
    program: inBody("return [1].map(this.twice);", "twice(n: number) { return 2 * n; }"),
    problems: [["RP3101", 5, "`this.twice` is passed on as a value"]],
  },
  "a getter": {
    program: inBody("return this.two;", "get two() { return 2; }"),
    problems: [["RP3103", 5, "it is no method and no field"]],
  },
  "a method under another decorator": {
    program: inBody("return this.two();", "@((f: () => number) => f) two() { return 2; }"),
    problems: [["RP3103", 5, "it stands under a decorator"]],
  },
  "an effect in a method that the body calls": {
    program: inBody("this.report();", "report() { console.log(1); }"),
    problems: [["RP3002", 5, "`console` is not available"]],
  },
  "a dropped promise of a step": {
    program: inBody("this.fit({ n: 1 });"),
    problems: [["RP3005", 5, "This promise is dropped"]],
  },
  "a step of a base class by super": {
    program: `import { pipeline, step } from "reprise";
class Base { @step async fit() { return 1; } }
@pipeline export class Sub extends Base { override async fit() { return 2; } async run() { return await super.fit(); } }`,
    problems: [["RP3103", 3, "`super.fit` cannot be read"]],
  },
  "the body of a base class that is a pipeline itself, by super": {
    program: `import { pipeline } from "reprise";
@pipeline class Base { async run() { return 1; } }
@pipeline export default class Sub extends Base { override async run() { return await super.run(); } }`,
    problems: [["RP3103", 3, "`super.run` cannot be read"]],
  },
  "an object of a class": {
    program: inBody("return await new Wrong().fit({ n: 1 });"),
    problems: [["RP3014", 5, "`Wrong` is a class of one's own"]],
  },
};

describe("a wrong class", () => {
  test.each(Object.entries(cases))("%s", async (_, { program, problems }) => {
    const found = await problemsOf(program);
    expect(found.map(({ number, place }) => [number, Number(place.split(":")[1])])).toEqual(
      problems.map(([number, line]) => [number, line]),
    );
    for (const [i, [, , message]] of problems.entries()) expect(found[i]?.message).toContain(message);
  });

  test("decorators from before the standard are asked to go", async () => {
    const found = await problemsOf({
      "pipeline.ts": inClass("async run() {}"),
      "tsconfig.json":
        '{ "compilerOptions": { "strict": true, "types": [], "experimentalDecorators": true, "customConditions": ["reprise-source"] } }',
    });
    expect(found).toMatchObject([{ number: "RP1104", remedy: "Take `experimentalDecorators` out of tsconfig.json." }]);
  });
});
