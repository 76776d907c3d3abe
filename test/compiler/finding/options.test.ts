import { expect, test } from "vitest";
import type { TaskOptions } from "../../../src/model/options.ts";
import { compiled, problemsOf } from "../project.ts";

/** Of each step of one program, by its name. */
async function optionsOf(source: string): Promise<Record<string, Partial<TaskOptions>>> {
  const names = [...source.matchAll(/const (\w+) = (?:step|withOptions)/g)].map(([, name]) => name);
  const { pipeline } = await compiled({
    "pipeline.ts": `import { pipeline, step, withOptions } from "reprise";
${source}
export default pipeline("options", async () => { ${names.map((name) => `await ${name}();`).join(" ")} });`,
  });
  return Object.fromEntries(
    Object.entries(pipeline.templates).map(([name, { options }]) => [name, options as TaskOptions]),
  );
}

test("every option reaches the graph, from the chain as from the object", async () => {
  const options = await optionsOf(`
    const cached = step.cache()(async () => 1);
    const kept = step({ cache: { key: "2026", ttl: "1d", scope: "project" } }, async () => 1);
    const limited = step.concurrency({ limit: 2, key: "database" }).rate("60/m")(async () => 1);
    const slow = step.rate("5/10s")(async () => 1);
    const large = step.resources({ mem: "8G", gpu: 1 })(async () => 1);
    const placed = step.env({ THREADS: "4" }).secrets(["TOKEN", "API_KEY"])(async () => 1);
    const again = step.retry({ limit: 1, timedOut: 0, lost: 5 })(async () => 1);
  `);
  expect(options.cached?.cache).toEqual({ scope: "store" });
  expect(options.kept?.cache).toEqual({ key: "2026", ttlMs: 86_400_000, scope: "project" });
  expect(options.limited).toMatchObject({
    concurrency: { limit: 2, key: "database" },
    rate: { count: 60, perMs: 60_000 },
  });
  expect(options.slow?.rate).toEqual({ count: 5, perMs: 10_000 });
  expect(options.large?.resources).toEqual({ gpu: 1, mem: 8 * 1024 ** 3 });
  expect(options.placed).toMatchObject({ env: { THREADS: "4" }, secrets: ["API_KEY", "TOKEN"] });
  expect(options.again?.retry).toMatchObject({ limit: 1, timedOut: 0, lost: 5 });
});

test("a call may do without what its step is declared with", async () => {
  const options = await optionsOf(`
    const fit = step.cache().queue("gpu")(async () => 1);
    const fresh = withOptions(fit, { cache: false });
  `);
  const [declared, called] = Object.values(options);
  expect(declared?.cache).toEqual({ scope: "store" });
  expect(called).toMatchObject({ queue: "gpu" });
  expect(called).not.toHaveProperty("cache");
});

test.each([
  ['step({ cache: { ttl: "soon" as "1s" } }, ', '"soon" is not a duration'],
  ["step.concurrency({ limit: 0 })(", "the limit 0 is not a whole number from 1"],
  ['step.rate("60" as "60/m")(', '"60" is not a rate: write, say, "60/m"'],
  ['step.rate("0/m")(', '"0/m" is not a rate'],
  ['step.resources({ mem: "8X" as "8G" })(', '"8X" is no amount of mem'],
  ["step.resources({ gpu: 0 })(", "0 is no amount of gpu"],
  ['step.env({ "A B": "1" })(', '"A B" is no name of a variable'],
  ['step.secrets(["a-b"])(', '"a-b" is no name of a variable'],
  ["step.retry({ limit: 1, lost: -1 })(", "-1 is not a number of further attempts"],
])("%s… is a problem that says why", async (declaration, reason) => {
  const problems = await problemsOf({
    "pipeline.ts": `import { pipeline, step } from "reprise";
const fit = ${declaration}async () => 1);
export default pipeline("wrong", async () => await fit());`,
  });
  expect(problems).toMatchObject([{ number: "RP1015", message: expect.stringContaining(reason) }]);
});

test("a pipeline is not cached as a whole", async () => {
  const problems = await problemsOf({
    "pipeline.ts": `import { pipeline } from "reprise";
export default pipeline.cache()("wrong", async () => 1);`,
  });
  expect(problems).toMatchObject([{ number: "RP1015", message: expect.stringContaining("its steps are") }]);
});
