/** Steps side by side and a decision, through the code door; class.ts is the same pipeline as a class. */
import { pipeline, step } from "reprise";

const allowed = 2;

/** What is better than nothing, from 0 to 1. */
function quality(tests: { passed: number; failed: number }, warnings: number): number {
  return tests.passed / (tests.passed + tests.failed) - warnings / 100;
}

export const build = step(async ({ version }: { version: string }) => ({ file: `app-${version}.tgz`, size: 40_000 }));

export const runTests = step({ queue: "tests", retry: 1 }, async ({ file }: { file: string }) => ({
  passed: file.length,
  failed: file.includes("beta") ? 3 : 0,
}));

export const lint = step(async ({ file }: { file: string }) => ({ warnings: file.includes("beta") ? 5 : 1 }));

export const publish = step(async ({ file, quality }: { file: string; quality: number }) => ({
  url: `https://packages.example/${file}`,
  quality,
}));

export default pipeline({ name: "release", project: "doors" }, async ({ version }: { version: string }) => {
  const built = await build({ version });
  const testing = runTests({ file: built.file });
  const linting = lint({ file: built.file });
  const tests = await testing;
  const { warnings } = await linting;
  if (tests.failed > 0 || warnings > allowed) return { released: false, failed: tests.failed, warnings };
  const { url } = await publish({ file: built.file, quality: quality(tests, warnings) });
  return { released: true, url };
});
