/** What an editor shows of the public names: a sentence for each, an example for what is called, and types that can be read. */
import { readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { type Name, namesIn } from "./names.ts";
import { projectsFolder, typeErrors, writeProject } from "./project.ts";

const checkout = join(import.meta.dirname, "../..");
const root = projectsFolder();
afterAll(() => rmSync(root, { recursive: true, force: true }));

type Export = string | { "reprise-source"?: string };
const { exports } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as {
  exports: Record<string, Export>;
};
const doors = Object.entries(exports).flatMap(([door, to]) =>
  typeof to === "object" && to["reprise-source"] ? [{ door, file: join(checkout, to["reprise-source"]) }] : [],
);

const documented = doors.map(({ door, file }) => ({ door, names: namesIn(file) }));

describe.each(documented)("$door", ({ names }) => {
  test("every name has a sentence", () => {
    expect(names.filter(({ text }) => text === "").map(({ name }) => name)).toEqual([]);
  });

  test("all that is called has an example", () => {
    const without = names.filter(({ isCalled, examples }) => isCalled && examples.length === 0);
    expect(without.map(({ name }) => name)).toEqual([]);
  });
});

test("the examples are right to TypeScript", { timeout: 240_000 }, async () => {
  for (const { door, names } of documented) {
    const files = names.flatMap(({ name, examples }) =>
      examples.map((code, i) => ({ path: `${name}-${i}.ts`, code: whole(door, code, names) })),
    );
    writeProject(join(root, basename(door)), [
      ...files,
      { path: "granted.ts", code: granted },
      { path: "pipeline.ts", code: authors },
    ]);
  }
  expect(await typeErrors(root)).toEqual([]);
});

/** The example as a module: what its entry point exports is imported, and what it takes for granted is in a file beside it. */
function whole(door: string, code: string, names: Name[]): string {
  const used = (name: string) =>
    new RegExp(`\\b${name}\\b`).test(code) &&
    !new RegExp(`\\b(?:const|function|class|import \\{) ${name}\\b`).test(code);
  const from = (where: string, offered: string[]) => {
    const imported = offered.filter(used);
    return imported.length === 0 ? "" : `import { ${imported.join(", ")} } from "${where}";\n`;
  };
  const own = names.map(({ name }) => name).filter((name) => !name.includes("."));
  const imports = [
    from(`reprise${door.slice(1)}`, own),
    from("reprise", door === "." ? [] : ["pipeline", "step"]),
    from("./granted.ts", grantedNames),
    from("zod", ["z"]),
  ];
  return `${imports.join("")}${code}\nexport {};\n`;
}

const granted = `import { pipeline, step } from "reprise";
export type Row = { depth: number; label?: string };
export const rows: Row[] = [];
export const load = step(async ({ seed }: { seed: number }) => ({ train: [{ depth: seed }] as Row[] }));
type Fit = { depth: number; accuracy: number; label?: string };
export const fit = step(async ({ rows, depth = 1 }: { rows: Row[]; depth?: number }): Promise<Fit> => {
  return { depth, accuracy: rows.length };
});
export const notify = step(async ({ text }: { text: string }) => console.log(text));
export const rerunUntilGood = pipeline("rerun until good", async ({ target = 0.95 }: { target?: number }) => target);
export const g = pipeline.graph("granted");
export const best = g.step("best", fit, { rows });
`;
/** The file of the pipeline that an example is about. */
const authors = 'export { fit, load, rerunUntilGood as default } from "./granted.ts";';
const grantedNames = ["Row", "rows", "load", "fit", "notify", "rerunUntilGood", "g", "best"];
