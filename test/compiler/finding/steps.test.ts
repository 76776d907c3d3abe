import { beforeAll, describe, expect, test } from "vitest";
import type { Pipeline } from "../../../src/model/pipeline.ts";
import type { CodeTemplate } from "../../../src/model/template.ts";
import { compiled } from "../project.ts";

const options = {
  type: "training",
  queue: "gpu",
  retry: { limit: 2, delayMs: 0, factor: 2, maxDelayMs: 3_600_000 },
  timeLimitMs: 300_000,
};

describe("a step is found", () => {
  let pipeline: Pipeline;
  beforeAll(async () => {
    ({ pipeline } = await compiled({
      "pipeline.ts": `
        import { pipeline as define, step as task, withOptions } from "reprise";
        import * as reprise from "reprise";
        import * as steps from "./steps.ts";
        import { fit as trainAll, gpu } from "./steps.ts";
        import byDefault from "./by-default.ts";
        import { again } from "./re-exported.ts";
        const settings = { queue: "gpu", retry: 2, timeLimit: "5m" } as const;
        const asObject = task({ queue: "gpu", retry: 2, timeLimit: 5 * 60_000 }, async () => 1);
        const asConst = task(settings, async () => 1);
        const asSpread = task({ ...settings, timeLimit: \`\${settings.retry + 3}m\` }, async () => 1);
        const asChain = task.queue("gpu").retry(2).timeLimit("5m")(async () => 1);
        const mixed = task.queue("cpu").retry(2)({ queue: "gpu", timeLimit: "5m" }, async () => 1);
        const byNamespace = reprise.step.queue("gpu").retry({ limit: 2 }).timeLimit("5m")(async () => 1);
        const held = gpu(async () => 1);
        async function work() { return 1; }
        const arrow = async () => 1;
        const ofFunction = task(work);
        const ofConst = task((arrow));
        const ofFactory = task(make(3));
        function make(n: number) { return async () => n; }
        const renamed = task({ name: "a name for people" }, async () => 1);
        const fit = task(async () => "another fit");
        const alias = fit;
        const onGpu = withOptions(fit, { queue: "gpu" });
        export default define("found", async () => {
          await asObject(); await asConst(); await asSpread(); await asChain(); await mixed(); await byNamespace(); await held();
          await ofFunction(); await ofConst(); await ofFactory(); await renamed(); await fit(); await trainAll();
          await steps.split(); await byDefault(); await again(); await alias(); await onGpu();
        });
        const unused = task(async () => 2);
      `,
      "steps.ts": `
        import { step } from "reprise";
        export const gpu = step.queue("gpu").retry(2).timeLimit("5m");
        export const fit = step(async () => 1);
        export const split = step(async () => 1);
        export const more = step(async () => 1);
      `,
      "by-default.ts": `import { step } from "reprise"; export default step(async function prepare() { return 1; });`,
      "re-exported.ts": `export { more as again } from "./steps.ts";`,
    }));
  });

  test.each(["asObject", "asConst", "asSpread", "asChain", "mixed", "byNamespace", "held"])(
    "with its options: %s",
    (name) => {
      expect(pipeline.templates[name]?.options).toEqual(options);
    },
  );

  test.each(["ofFunction", "ofConst", "ofFactory"])("where its function is written elsewhere: %s", (name) => {
    expect(pipeline.templates[name]).toMatchObject({ kind: "code", export: name, output: { type: "number" } });
  });

  test("by its option name, its variable, or its function's name, and once however often it is called", () => {
    expect(Object.keys(pipeline.templates)).toEqual([
      "asObject",
      "asConst",
      "asSpread",
      "asChain",
      "mixed",
      "byNamespace",
      "held",
      "ofFunction",
      "ofConst",
      "ofFactory",
      "a name for people",
      "fit",
      "fit$2",
      "split",
      "prepare",
      "more",
      "fit$3",
    ]);
  });

  test("also in another file, and two of one name are kept apart", () => {
    expect(pipeline.templates.fit).toMatchObject({
      at: expect.stringMatching(/^pipeline\.ts:/),
      output: { type: "string" },
    });
    expect(pipeline.templates.fit$2).toMatchObject({
      at: expect.stringMatching(/^steps\.ts:/),
      output: { type: "number" },
    });
  });

  test("with other options for one call: the same code, another template", () => {
    expect((pipeline.templates.fit$3 as CodeTemplate).bundle).toBe((pipeline.templates.fit as CodeTemplate).bundle);
    expect(pipeline.templates.fit$3?.options.queue).toBe("gpu");
    expect(pipeline.templates.fit?.options.queue).toBe("default");
  });
});
