/** What `Task.current()` speaks to while a step runs, in a process of its own as in the agent's. */
import type { StepContext } from "../../../model/context.ts";
import type { Reporter } from "../recorder.ts";
import { artifactDraft } from "./artifact-draft.ts";
import type { StepCall } from "./step-call.ts";

/** The context, and how to wait for what the step gave away without waiting for it. */
export function createStepContext(
  call: StepCall,
  signal: AbortSignal,
  reporter: Reporter,
): { context: StepContext; stored(): Promise<void> } {
  const storing = new Set<Promise<void>>();
  const context: StepContext = {
    id: call.id,
    name: call.name,
    attempt: call.attempt,
    idempotencyKey: call.id,
    signal,
    scalar(title, series, value, iteration) {
      for (const [what, number] of [
        ["value", value],
        ["iteration", iteration],
      ] as const)
        if (typeof number !== "number")
          throw new TypeError(`scalar("${title}", "${series}"): the ${what} is ${typeof number}, not a number`);
      reporter.scalar({ title, series, value, iteration, at: Date.now() });
    },
    progress(fraction) {
      if (Number.isNaN(Number(fraction))) throw new TypeError(`progress(${fraction}): give a number from 0 to 1`);
      reporter.progress(Math.min(Math.max(fraction, 0), 1));
    },
    artifact(name, content, options) {
      const stored = putArtifact(reporter, name, content, options);
      const settled = stored.then(
        () => {},
        () => {},
      );
      storing.add(settled);
      void settled.then(() => storing.delete(settled));
      return stored;
    },
    log: (...parts) => console.log(...parts),
  };
  return { context, stored: async () => void (await Promise.all(storing)) };
}

/** Async, so that content that cannot be kept rejects where the step awaits it. */
async function putArtifact(
  reporter: Reporter,
  ...[name, content, options]: Parameters<StepContext["artifact"]>
): Promise<void> {
  await reporter.artifact(artifactDraft(name, content, options));
}
