import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";
import { decorators } from "./src/vitest.ts";

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

const report = process.env.REPRISE_TEST_REPORT;

export default defineConfig({
  plugins: [decorators()],
  resolve: {
    // What the package's own condition says to Node, said to Vite, which knows no package that refers to itself.
    alias: [
      { find: /^reprise$/, replacement: source("dsl/index.ts") },
      { find: /^reprise\/compiler$/, replacement: source("compiler/index.ts") },
      { find: /^reprise\/runtime$/, replacement: source("open.ts") },
      { find: /^reprise\/testing$/, replacement: source("testing/index.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts", "examples/**/*.test.ts"],
    pool: "forks",
    // By default a core stays idle for a person at the keyboard; most files wait for processes that they start.
    maxWorkers: "100%",
    // CI reads its counts there.
    ...(report && { reporters: ["default", "json"], outputFile: { json: report } }),
    // Also for the processes that tests fork: an author's `import … from "reprise"` gets the source that is tested.
    execArgv: ["--conditions=reprise-source"],
    // Bundles of steps are imported by Node itself, as they are outside of tests.
    server: { deps: { external: [/\/bundles\/[0-9a-f]{64}\//] } },
    // For the processes that tests start: most of their time would go into reading sources.
    env: { NODE_COMPILE_CACHE: join(tmpdir(), "reprise-compile-cache") },
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
