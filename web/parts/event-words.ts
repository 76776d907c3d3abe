/** An event as a few words. */
import { formatNumber } from "../../src/cli/view/text.ts";
import type { Event } from "../../src/model/event.ts";

export function describeEvent(event: Event): string {
  switch (event.kind) {
    case "created":
      return `made: ${event.name}`;
    case "cache":
      return event.outcome === "hit" ? `taken from the cache: ${event.from}` : `not in the cache: ${event.reason}`;
    case "queued":
      return `waits in the queue ${event.queue}`;
    case "placed":
      return `placed anew in the queue ${event.queue}`;
    case "unserved":
      return `no agent serves the queue ${event.queue}`;
    case "running":
      return `attempt ${event.attempt} on ${event.agent}`;
    case "retrying":
      return `attempt ${event.attempt} failed, another follows: ${event.failure.message}`;
    case "failed":
      return `failed: ${event.failure.message}`;
    case "aborted":
      return `aborted: ${event.reason}`;
    case "archived":
      return event.archived ? "archived" : "taken out of the archive";
    case "progress":
      return `${Math.round(event.progress * 100)} %`;
    case "scalar":
      return `${event.title}/${event.series} ${formatNumber(event.value)} at ${event.iteration}`;
    case "artifact":
      return `artifact ${event.name}`;
    case "waiting":
      return event.signal === undefined ? `${event.path} sleeps` : `${event.path} waits for the signal ${event.signal}`;
    case "timer":
      return `${event.path}: the time has come`;
    case "signal":
      return `the signal ${event.name} was sent`;
    case "decision":
      return event.explanation;
    default:
      return event.kind;
  }
}
