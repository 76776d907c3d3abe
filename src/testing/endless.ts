/** Pipelines that do not end, in words. */
import type { Event } from "../model/event.ts";
import { applyToWaiting, openWaits, type Waiting } from "../runtime/controller/waiting.ts";
import { TestError } from "./error.ts";

/** Nothing can happen any more. */
export function stuck(pipeline: string, events: readonly Event[]): TestError {
  const waiting: Waiting = {};
  for (const event of events) applyToWaiting(waiting, event);
  const names = new Set(openWaits(waiting).flatMap(({ signal }) => (signal === undefined ? [] : [signal])));
  const quoted = [...names].map((name) => JSON.stringify(name));
  const why =
    quoted.length === 0
      ? "though no step runs, no timer goes and no signal is awaited: nothing settles the promise that its body awaits"
      : `for the signal${quoted.length > 1 ? "s" : ""} ${quoted.join(" and ")}: send it by signals: { ${quoted.map((name) => `${name}: …`).join(", ")} }`;
  return new TestError(`the pipeline "${pipeline}" waits for ever, ${why}`);
}

/** It goes on and on. */
export const overLimit = (pipeline: string, limit: number): TestError =>
  new TestError(
    `the pipeline "${pipeline}" has not ended after ${limit} events: where it is not one without end, raise the option limit`,
  );
