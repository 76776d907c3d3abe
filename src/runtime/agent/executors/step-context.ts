/** What `Task.current()` speaks to while a step runs, in a process of its own as in the agent's. */
import { readFile } from "node:fs/promises";
import { readerOf } from "../../../artifacts/reader.ts";
import { Artifact } from "../../../model/artifact.ts";
import { checkpointText } from "../../../model/checkpoint.ts";
import { type StepContext, stepContext } from "../../../model/context.ts";
import { type Hash, hashOf } from "../../../model/hash.ts";
import { decode } from "../../../model/value.ts";
import type { Reporter } from "../recorder.ts";
import { createReports } from "./reports.ts";
import type { StepCall } from "./step-call.ts";

export type BoundContext = {
  context: StepContext;
  /** The text of a content of the store. Rejects with a sentence where there is none, or it is damaged. */
  load(hash: Hash): Promise<string>;
  /** Aborts the step's signal. Who listens to it is in the step's context, as they were when they began to. */
  abort(): void;
  /** The step has ended: takes no more reports. Resolves when the artifacts that it gave, also without waiting, are stored or refused. */
  close(): Promise<void>;
};

export function createStepContext(call: StepCall, reporter: Reporter): BoundContext {
  const storing = new Set<Promise<void>>();
  const controller = new AbortController();
  let open = true;

  /** What a step left running may still report when another has taken its place: that goes nowhere, and says so. */
  function isHeard(what: string): boolean {
    if (!open) console.warn(`${what} came after step "${call.name}" had ended: it is not kept`);
    return open;
  }

  function keep<T>(stored: Promise<T>): Promise<T> {
    const settled = stored.then(ignore, ignore);
    storing.add(settled);
    void settled.then(() => storing.delete(settled));
    return stored;
  }

  const reader = readerOf((hash) => reporter.content(hash));
  const reported = { reporter, reader, spool: call.spool, isHeard, keep };
  const context: StepContext = {
    id: call.id,
    name: call.name,
    attempt: call.attempt,
    idempotencyKey: call.idempotencyKey,
    checkpoint: {
      async save(value) {
        const text = checkpointText(value, call.name);
        if (isHeard("checkpoint.save()")) await keep(reporter.saveCheckpoint(text));
      },
      async load<T>() {
        const text = await reporter.loadCheckpoint();
        return text === undefined ? undefined : (decode(text, reader) as T);
      },
    },
    signal: controller.signal,
    ...createReports(reported),
    pipeline: createReports({ ...reported, on: "pipeline" }),
    reader,
    async artifactOf(task, name, { role = "output" } = {}) {
      const found = await reporter.find(task, name, role);
      return found && new Artifact(found, reader);
    },
    progress(fraction) {
      if (typeof fraction !== "number" || Number.isNaN(fraction))
        throw new TypeError(`progress(${fraction}): give a number from 0 to 1`);
      if (isHeard("progress()")) reporter.progress(Math.min(Math.max(fraction, 0), 1));
    },
    log: (...parts) => console.log(...parts),
  };
  return {
    context,
    load: async (hash) => whole(await readFile(await reporter.content(hash)), hash),
    abort: () =>
      stepContext.run(context, () => controller.abort(new DOMException("The step was aborted", "AbortError"))),
    async close() {
      open = false;
      await Promise.all(storing);
    },
  };
}

function whole(content: Buffer, hash: Hash): string {
  if (hashOf(content) !== hash) throw new Error(`the content ${hash} is damaged: it does not match its hash`);
  return content.toString("utf8");
}

const ignore = () => {};
