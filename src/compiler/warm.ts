/** What one compile of a file leaves for the next, so that only what has changed is read, parsed and bound again: `compile --watch`. */
import type { BuildContext, BuildOptions } from "esbuild";
import * as esbuild from "esbuild";
import type { ts } from "ts-morph";
import { modules, type Round } from "./modules.ts";

export class Warm implements AsyncDisposable {
  /** The last one; a new one takes from it what is the same. */
  program?: ts.Program;
  /** Files and folders that it looked for in vain. */
  missing = new Set<string>();
  /** The state of the files that decide where an import leads. */
  resolution = "";
  /** Counts how often imports may have come to lead elsewhere. */
  era = 0;
  /** The configuration files that it depends on, those included that are not there. */
  configs: string[] = [];
  readonly #kept = new Map<string, Kept>();

  /** Builds by the same options again: what the bundler has parsed, and what has not changed, it does not parse again. */
  async build(options: Options, round: Round) {
    const key = JSON.stringify(options);
    const kept = this.#kept.get(key) ?? { round };
    this.#kept.set(key, kept);
    kept.round = round;
    kept.context ??= esbuild.context({ ...options, plugins: [modules(() => kept.round)] });
    return (await kept.context).rebuild();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { context } of this.#kept.values()) await (await context)?.dispose();
    this.#kept.clear();
  }
}

/** All that a build is told, but for what it is about. */
export type Options = BuildOptions & { write: false; metafile: true };

type Kept = { round: Round; context?: Promise<BuildContext<Options>> };
