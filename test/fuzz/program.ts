/**
 * A random program: a body as a function or as the class of a pipeline, pipelines that it calls, a pure function, constants, an enum and imports of its
 * module. Every program compiles and ends: every reference is to something in scope, every loop and recursion has its bound.
 */
import fc from "fast-check";
import { statements, value } from "./grammar/grammar.ts";
import type { Scope, Text } from "./scope.ts";

type Body = { inside: Text[]; value: Text };

const bodyOf = (minLength: number, maxLength: number): fc.Arbitrary<Body> =>
  fc.record({ inside: fc.array(statements, { minLength, maxLength }), value });

/** Its text as TypeScript. */
export const program: fc.Arbitrary<string> = fc
  .record({
    body: bodyOf(1, 3),
    called: fc.oneof(
      { weight: 2, arbitrary: fc.constant([] as Body[]) },
      { weight: 1, arbitrary: fc.array(bodyOf(0, 1), { maxLength: 2 }) },
    ),
    pure: bodyOf(0, 1),
    // Half of the programs count ticks beside the body: without, an interpreter with one tick too many goes unseen.
    ticking: fc.oneof(fc.constant(0), fc.integer({ min: 5, max: 60 })),
    inClass: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  })
  .map(({ body, called, pure, ticking, inClass }) => {
    const names = { count: 0 };
    const pipelines = called.map((_, i) => `nested${i}`);
    const own = { names, pipelines, inClass };
    const nested = called.map(
      (one, i) => `const ${pipelines[i]} = pipeline("${pipelines[i]}", async ({ n, left }: any): Promise<any> => {
${text(one, scope({ ...own, called: true, inClass: false, left: "left" }))}
});`,
    );
    const main = text(body, scope({ ...own, tick: ticking > 0 ? "t" : undefined }), ticking);
    const beside = text(pure, scope({ ...own, inClass: false, async: false, depth: 1, functions: [] }));
    const door = inClass ? classDoor(main) : `async function body(n: any): Promise<any> {\n${main}\n}`;
    const parts = [...nested, door];
    if (parts.some((part) => part.includes("pure(")))
      parts.unshift(`function pure(n: any, w: any): any {\n${beside}\n}`);
    const used = module.filter(([name]) => parts.some((part) => part.includes(name)));
    return [...used.map(([, text]) => text), ...parts].join("\n");
  });

/** What a module has, by the name that it is used by. */
const module: [name: string, text: string][] = [
  ...["clamp", "counter", "half", "noted", "sum"].map((name): [string, string] => [
    `${name}(`,
    `import { ${name} } from "./helpers.ts";`,
  ]),
  ["Mode", 'enum Mode { slow, fast = 3, named = "a" }'],
  ["table", "const table = { steps: [1, 2], high: 9 } as const satisfies object;"],
  ["first<", "function first<T>(list: readonly T[]): T { return list[0] as T; }"],
];

const classDoor = (main: string): string => `class Base {
readonly high: number = 7;
@step async a(input?: any): Promise<any> {}
@step async b(input?: any): Promise<any> {}
twice(x: any): any { return x * 2; }
}
class Program extends Base {
static readonly most = 3;
readonly #low = 1;
@step async c(input?: any): Promise<any> {}
@step async fit(input?: any): Promise<any> {}
@step async late(input?: any): Promise<any> {}
override twice(x: any): any { return super.twice(x) + this.#low; }
async both(x: any): Promise<any> { return [await this.a(x), Program.most]; }
async run(n: any): Promise<any> {
${main}
}
}`;

/** What every body has. */
const scope = (given: Partial<Scope> & Pick<Scope, "names" | "pipelines">): Scope => ({
  numbers: ["n"],
  mutable: ["n"],
  lists: ["out"],
  objects: ["o"],
  maps: ["map"],
  sets: ["set"],
  promises: [],
  functions: [
    { name: "pure", async: false },
    ...(given.inClass
      ? [
          { name: "this.twice", async: false },
          { name: "this.both", async: true },
        ]
      : []),
  ],
  async: true,
  loop: false,
  breakable: false,
  labels: [],
  depth: 0,
  left: "2",
  tick: undefined,
  inClass: false,
  called: false,
  ...given,
});

/** The statements of a body, from its first to its `return`. */
function text({ inside, value }: Body, s: Scope, ticking = 0): string {
  const lines = inside.map((one) => one(s));
  const clock = `let t = 0; const ticking = (async () => { for (let i = 0; i < ${ticking}; i++) { await null; t += 1; } })();`;
  return [
    ...(ticking > 0 ? [clock] : []),
    "const out: any[] = []; const o: any = { x: n, y: 1, z: [n, { w: 2 }] }; const map = new Map<any, any>([[1, n]]); const set = new Set<any>([n]);",
    "const g: any = { f: (q: any) => q + 1, make: (q: any) => ({ list: [q] }) };",
    ...lines,
    ...(ticking > 0 ? ["await ticking;"] : []),
    `return [${value(s)}, n, out, o, map, set${ticking > 0 ? ", t" : ""}];`,
  ].join("\n");
}
