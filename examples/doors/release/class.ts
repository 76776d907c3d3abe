/** Steps side by side and a decision, through the class door; code.ts is the same pipeline as functions. */
import { pipeline, step } from "reprise";

@pipeline({ name: "release", project: "doors" })
export default class Release {
  readonly allowed = 2;

  @step async build({ version }: { version: string }) {
    return { file: `app-${version}.tgz`, size: 40_000 };
  }

  @step({ queue: "tests", retry: 1 }) async runTests({ file }: { file: string }) {
    return { passed: file.length, failed: file.includes("beta") ? 3 : 0 };
  }

  @step async lint({ file }: { file: string }) {
    return { warnings: file.includes("beta") ? 5 : 1 };
  }

  @step async publish({ file, quality }: { file: string; quality: number }) {
    return { url: `https://packages.example/${file}`, quality };
  }

  /** What is better than nothing, from 0 to 1. */
  private quality(tests: { passed: number; failed: number }, warnings: number): number {
    return tests.passed / (tests.passed + tests.failed) - warnings / 100;
  }

  async run({ version }: { version: string }) {
    const built = await this.build({ version });
    const testing = this.runTests({ file: built.file });
    const linting = this.lint({ file: built.file });
    const tests = await testing;
    const { warnings } = await linting;
    if (tests.failed > 0 || warnings > this.allowed) return { released: false, failed: tests.failed, warnings };
    const { url } = await this.publish({ file: built.file, quality: this.quality(tests, warnings) });
    return { released: true, url };
  }
}
