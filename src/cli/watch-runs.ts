/** `run --watch`: a run of each version of a program, one at a time. */
import type { Pipeline } from "../model/pipeline.ts";
import { exitCodes, explain } from "./errors.ts";
import { onInterrupt } from "./interrupt.ts";
import { type Version, versions } from "./versions.ts";
import { hasColor } from "./view/style.ts";

/** A run that is under way. `kill` ends every process of it, at once. */
export type Begun = { abort(reason: string): Promise<unknown>; kill(): void };

/** Runs to the end; gives the exit code. Tells `begun` of the run when it is under way. */
type RunOnce = (pipeline: Pipeline, begun: (run: Begun) => void) => Promise<number>;

/** Until Ctrl-C. Gives the exit code: that of an aborted run where one was going on, else that of success. */
export async function watchRuns(file: string, pipeline: string | undefined, runOnce: RunOnce): Promise<number> {
  const over = new AbortController();
  let going: Going | undefined;
  using _ = onInterrupt({
    abort() {
      over.abort();
      void going?.abort("interrupted");
    },
    kill: () => going?.kill(),
  });
  for await (const version of versions(file, { pipeline, signal: over.signal })) {
    if ("error" in version) {
      say(version);
      continue;
    }
    if (going && !going.isOver) {
      process.stderr.write(`${file} has changed: aborting the run…\n`);
      await going.abort("the program has changed");
    }
    if (over.signal.aborted) break;
    going = new Going(runOnce, version.compiled.pipeline, file);
  }
  const wasGoing = going !== undefined && !going.isOver;
  const code = await going?.ended;
  return wasGoing && code !== undefined ? code : exitCodes.completed;
}

function say({ error }: Extract<Version, { error: Error }>): void {
  const { text } = explain(error, { color: hasColor(process.stderr) });
  process.stderr.write(`${text}\nwaiting for a change…\n`);
}

/** One run, from before it is under way until it has ended. */
class Going {
  isOver = false;
  readonly ended: Promise<number>;
  readonly #begun = Promise.withResolvers<Begun | undefined>();
  #run: Begun | undefined;
  #isAborted = false;

  constructor(runOnce: RunOnce, pipeline: Pipeline, file: string) {
    this.ended = this.#watched(runOnce, pipeline, file);
  }

  /** Resolves when it has ended. */
  async abort(reason: string): Promise<void> {
    this.#isAborted = true;
    const run = await this.#begun.promise;
    // Where the store refuses, the run's outcome rejects with the same.
    await run?.abort(reason).catch(() => {});
    await this.ended;
  }

  kill(): void {
    this.#run?.kill();
  }

  /** What is wrong with the params may be right with the next version: it is said, and waited over. */
  async #watched(runOnce: RunOnce, pipeline: Pipeline, file: string): Promise<number> {
    try {
      return await runOnce(pipeline, (run) => {
        this.#run = run;
        this.#begun.resolve(run);
      });
    } catch (error) {
      const { text, exitCode } = explain(error, { color: hasColor(process.stderr) });
      process.stderr.write(text);
      return exitCode;
    } finally {
      this.isOver = true;
      this.#begun.resolve(undefined);
      if (!this.#isAborted) process.stderr.write(`\nwaiting for a change of ${file}… (Ctrl-C ends)\n`);
    }
  }
}
