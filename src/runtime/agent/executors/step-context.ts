/** What `Task.current()` speaks to while a step runs, in a process of its own as in the agent's. */
import { type StepContext, stepContext } from "../../../model/context.ts";
import type { Reporter } from "../recorder.ts";
import { artifactDraft } from "./artifact-draft.ts";
import type { StepCall } from "./step-call.ts";

export type BoundContext = {
  context: StepContext;
  isAborted(): boolean;
  /** Aborts the step's signal. Who listens to it is in the step's context, as they were when they began to. */
  abort(): void;
  /** The step has ended: takes no more reports. Resolves when the artifacts that it gave, also without waiting, are stored or refused. */
  close(): Promise<void>;
};

type Called = Pick<StepCall, "id" | "name" | "attempt">;

export function createStepContext(call: Called, reporter: Reporter): BoundContext {
  const context = new CallContext(call, reporter);
  return {
    context,
    isAborted: () => context.isAborted,
    abort: () => stepContext.run(context, () => context.abort()),
    close: () => context.close(),
  };
}

/** Most steps never ask for it: what one asks for is made then. Its methods may be taken apart from it. */
class CallContext implements StepContext {
  readonly #call: Called;
  readonly #reporter: Reporter;
  readonly #storing = new Set<Promise<void>>();
  #controller: AbortController | undefined;
  #open = true;
  isAborted = false;

  constructor(call: Called, reporter: Reporter) {
    this.#call = call;
    this.#reporter = reporter;
  }

  get id(): string {
    return this.#call.id;
  }

  get name(): string {
    return this.#call.name;
  }

  get attempt(): number {
    return this.#call.attempt;
  }

  get idempotencyKey(): string {
    return this.#call.id;
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.isAborted) this.abort();
    }
    return this.#controller.signal;
  }

  get scalar(): StepContext["scalar"] {
    return (title, series, value, iteration) => {
      const what = `scalar("${title}", "${series}")`;
      if (typeof value !== "number") throw new TypeError(`${what}: the value is ${typeof value}, not a number`);
      if (!Number.isFinite(iteration))
        throw new TypeError(`${what}: the iteration is ${iteration}, not a finite number`);
      if (this.#isHeard(what)) this.#reporter.scalar({ title, series, value, iteration, at: Date.now() });
    };
  }

  get progress(): StepContext["progress"] {
    return (fraction) => {
      if (typeof fraction !== "number" || Number.isNaN(fraction))
        throw new TypeError(`progress(${fraction}): give a number from 0 to 1`);
      if (this.#isHeard("progress()")) this.#reporter.progress(Math.min(Math.max(fraction, 0), 1));
    };
  }

  get artifact(): StepContext["artifact"] {
    return (...given) => {
      const stored = this.#putArtifact(...given);
      const settled = stored.then(ignore, ignore);
      this.#storing.add(settled);
      void settled.then(() => this.#storing.delete(settled));
      return stored;
    };
  }

  get log(): StepContext["log"] {
    return (...parts) => console.log(...parts);
  }

  abort(): void {
    this.isAborted = true;
    this.#controller?.abort(new DOMException("The step was aborted", "AbortError"));
  }

  async close(): Promise<void> {
    this.#open = false;
    if (this.#storing.size > 0) await Promise.all(this.#storing);
  }

  async #putArtifact(...[name, content, options]: Parameters<StepContext["artifact"]>): Promise<void> {
    if (this.#isHeard(`artifact("${name}")`)) await this.#reporter.artifact(artifactDraft(name, content, options));
  }

  /** What a step left running may still report when another has taken its place: that goes nowhere, and says so. */
  #isHeard(what: string): boolean {
    if (!this.#open) console.warn(`${what} came after step "${this.#call.name}" had ended: it is not kept`);
    return this.#open;
  }
}

const ignore = () => {};
