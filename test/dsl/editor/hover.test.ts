/** What an editor shows of a name: plain types, never how they are computed. */
import { join } from "node:path";
import { Project } from "ts-morph";
import { describe, expect, it } from "vitest";

const checkout = join(import.meta.dirname, "../../..");
const project = new Project({
  tsConfigFilePath: join(checkout, "tsconfig.json"),
  skipAddingFilesFromTsConfig: true,
});

const source = project.createSourceFile(
  join(checkout, "test/dsl/editor/hovered.ts"),
  `import { add, lt, pipeline, start, step, withOptions } from "reprise";
type Row = { depth: number; label?: string };
const split = step(async ({ seed }: { seed: number }) => ({ train: [{ depth: seed }] as Row[] }));
const fit = step.queue("gpu").retry(2)(async ({ rows }: { rows: Row[] }) => ({ score: rows.length }));
const first = step(async <T>({ items }: { items: T[] }) => items[0]);
const onGpu = withOptions(fit, { queue: "gpu" });
const nightly = pipeline("nightly", async ({ target = 1 }: { target?: number }) => {
  const data = await split({ seed: 1 });
  const training = start(fit, { rows: data.train });
  const all = await Promise.all([fit({ rows: [] }), training.result()]);
  return { target, all };
});
class Search {
  @step async look({ depth }: { depth: number }) {
    return { depth };
  }
}
const search = new Search().look;
const g = pipeline.graph("graph");
const seed = g.param<number>("seed");
const given = g.step("data", split, { seed });
const rows = given.train;
const depth = given.train[0]!.depth;
const fits = g.each("fits", rows, fit, (row) => ({ rows: [row] }));
const way = g.branch("way", lt(depth, 1), { then: () => fits[0]!, else: () => "none" });
const last = g.loop("again", { state: { depth }, while: (state) => lt(state.depth, 5), body: (state) => ({ depth: add(state.depth, 1) }) });
`,
);

const service = project.getLanguageService().compilerObject;

/** The one line that an editor would show. */
function hover(before: string): string {
  const at = source.getFullText().indexOf(before);
  const info = service.getQuickInfoAtPosition(source.getFilePath(), at + before.length - 1);
  return (info?.displayParts ?? [])
    .map(({ text }) => text)
    .join("")
    .replace(/\s+/g, " ");
}

const documentation = (before: string): string => {
  const info = service.getQuickInfoAtPosition(
    source.getFilePath(),
    source.getFullText().indexOf(before) + before.length - 1,
  );
  return (info?.documentation ?? []).map(({ text }) => text).join("");
};

it("has no mistake in what is looked at", () => {
  expect(source.getPreEmitDiagnostics().map((diagnostic) => diagnostic.getMessageText())).toEqual([]);
});

describe("an editor shows", () => {
  it.each([
    ["const split", "const split: ({ seed }: { seed: number; }) => Promise<{ train: Row[]; }>"],
    ["const fit", "const fit: ({ rows }: { rows: Row[]; }) => Promise<{ score: number; }>"],
    ["const first", "const first: <T>({ items }: { items: T[]; }) => Promise<T | undefined>"],
    ["const onGpu", "const onGpu: ({ rows }: { rows: Row[]; }) => Promise<{ score: number; }>"],
    [
      "const nightly",
      "const nightly: ({ target }: { target?: number; }) => Promise<{ target: number; all: [{ score: number; }, { score: number; }]; }>",
    ],
    ["const data", "const data: { train: Row[]; }"],
    ["const training", "const training: Handle<{ score: number; }>"],
    ["const search", "const search: ({ depth }: { depth: number; }) => Promise<{ depth: number; }>"],
    ["const g", "const g: PipelineGraph<Record<string, unknown>, unknown>"],
    ["const seed", "const seed: Reference<number>"],
    ["const given", "const given: Ref<{ train: Row[]; }>"],
    ["const rows", "const rows: Ref<Row[]>"],
    ["const depth", "const depth: Reference<number>"],
    ["const fits", "const fits: Ref<{ score: number; }[]>"],
    ["const way", "const way: Reference<string | { score: number; }>"],
    ["const last", "const last: Ref<{ depth: number; }>"],
    ["(row", "(parameter) row: Ref<Row>"],
    ["step.queue", "(property) queue: (value: string) => StepChain"],
  ])("%s", (name, shown) => {
    expect(hover(name)).toBe(shown);
  });

  it("what an option means where it is chained", () => {
    expect(documentation("step.queue")).toMatch(/Where the clones are enqueued/);
  });
});
