/** One file, compiled again and again. */
import { resolutionFiles } from "./cache.ts";
import type { Compiled } from "./compiled.ts";
import { compileFresh } from "./passes.ts";
import { Warm } from "./warm.ts";

export class Recompiler implements AsyncDisposable {
  /** Absolute paths of what decides over the result, those included that are not there. After a problem, as far as it is known, with what was before. */
  files: Set<string>;
  readonly #file: string;
  readonly #wanted: string | undefined;
  readonly #graphLimitMs: number;
  readonly #warm = new Warm();

  /** `file` is absolute. */
  constructor(file: string, wanted: string | undefined, graphLimitMs: number) {
    this.#file = file;
    this.#wanted = wanted;
    this.#graphLimitMs = graphLimitMs;
    this.files = new Set([file]);
  }

  /** One at a time. Rejects with a CompileError. */
  async compile(): Promise<Compiled> {
    const always = [this.#file, ...resolutionFiles(this.#file)];
    try {
      const { pipeline, text, files, lookedFor } = await compileFresh(
        this.#file,
        this.#wanted,
        this.#graphLimitMs,
        this.#warm,
      );
      this.files = new Set([...always, ...files, ...lookedFor]);
      return { pipeline, text, files };
    } catch (error) {
      const { program, configs, missing } = this.#warm;
      const sources = program?.getSourceFiles().map(({ fileName }) => fileName) ?? [];
      this.files = new Set([...always, ...this.files, ...sources, ...configs, ...missing]);
      throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#warm[Symbol.asyncDispose]();
  }
}
