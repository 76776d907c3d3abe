/** Steps side by side and a decision, through the graph builder; code.ts is the same pipeline as a function. */
import { add, div, gt, or, pipeline, sub } from "reprise";
import { z } from "zod";
import { build, lint, publish, runTests } from "./code.ts";

const g = pipeline.graph({ name: "release", project: "doors" });
const version = g.param("version", z.string());

const built = g.step("built", build, { version });
const tests = g.step("testing", runTests, { file: built.file });
const { warnings } = g.step("linting", lint, { file: built.file });

const quality = sub(div(tests.passed, add(tests.passed, tests.failed)), div(warnings, 100));
const result = g.branch("if1", or(gt(tests.failed, 0), gt(warnings, 2)), {
  then: () => ({ released: false, failed: tests.failed, warnings }),
  else: () => {
    const { url } = g.step("publish", publish, { file: built.file, quality });
    return { released: true, url };
  },
});
g.returns(result);

export default g;
