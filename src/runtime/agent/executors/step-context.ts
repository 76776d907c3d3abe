/** What `Task.current()` speaks to while a step runs, in a process of its own as in the agent's. */
import { type StepContext, stepContext } from "../../../model/context.ts";
import type { Reporter } from "../recorder.ts";
import { artifactDraft } from "./artifact-draft.ts";
import type { StepCall } from "./step-call.ts";

export type BoundContext = {
  context: StepContext;
  /** Aborts the step's signal. Who listens to it is in the step's context, as they were when they began to. */
  abort(): void;
  /** The step has ended: takes no more reports. Resolves when the artifacts that it gave, also without waiting, are stored or refused. */
  close(): Promise<void>;
};

export function createStepContext(call: Pick<StepCall, "id" | "name" | "attempt">, reporter: Reporter): BoundContext {
  const storing = new Set<Promise<void>>();
  const controller = new AbortController();
  let open = true;

  /** What a step left running may still report when another has taken its place: that goes nowhere, and says so. */
  function isHeard(what: string): boolean {
    if (!open) console.warn(`${what} came after step "${call.name}" had ended: it is not kept`);
    return open;
  }

  async function putArtifact(...[name, content, options]: Parameters<StepContext["artifact"]>): Promise<void> {
    if (isHeard(`artifact("${name}")`)) await reporter.artifact(artifactDraft(name, content, options));
  }

  const context: StepContext = {
    id: call.id,
    name: call.name,
    attempt: call.attempt,
    idempotencyKey: call.id,
    signal: controller.signal,
    scalar(title, series, value, iteration) {
      const what = `scalar("${title}", "${series}")`;
      if (typeof value !== "number") throw new TypeError(`${what}: the value is ${typeof value}, not a number`);
      if (!Number.isFinite(iteration))
        throw new TypeError(`${what}: the iteration is ${iteration}, not a finite number`);
      if (isHeard(what)) reporter.scalar({ title, series, value, iteration, at: Date.now() });
    },
    progress(fraction) {
      if (typeof fraction !== "number" || Number.isNaN(fraction))
        throw new TypeError(`progress(${fraction}): give a number from 0 to 1`);
      if (isHeard("progress()")) reporter.progress(Math.min(Math.max(fraction, 0), 1));
    },
    artifact(...given) {
      const stored = putArtifact(...given);
      const settled = stored.then(ignore, ignore);
      storing.add(settled);
      void settled.then(() => storing.delete(settled));
      return stored;
    },
    log: (...parts) => console.log(...parts),
  };
  return {
    context,
    abort: () =>
      stepContext.run(context, () => controller.abort(new DOMException("The step was aborted", "AbortError"))),
    async close() {
      open = false;
      await Promise.all(storing);
    },
  };
}

const ignore = () => {};
