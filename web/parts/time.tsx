import { formatTime } from "../../src/cli/view/text.ts";
import { formatDuration } from "../../src/model/duration.ts";
import type { Task } from "../../src/model/task.ts";

/** `just now`, `5 m 3 s ago`, with the exact time where the pointer rests. */
export function Ago({ at, now }: { at: number | undefined; now: number }) {
  if (at === undefined) return null;
  const ms = Math.max(0, now - at);
  const text = ms < 10_000 ? "just now" : `${rough(ms)} ago`;
  return (
    <time dateTime={new Date(at).toISOString()} title={new Date(at).toLocaleString()}>
      {text}
    </time>
  );
}

/** How long it took, or has taken until now. */
export const took = ({ startedAt, endedAt }: Pick<Task, "startedAt" | "endedAt">, now: number): string =>
  startedAt === undefined ? "" : formatDuration(Math.max(0, (endedAt ?? now) - startedAt));

export const clock = (at: number, now: number): string => formatTime(at, now);

function rough(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  if (ms < 2 * 86_400_000) return `${Math.round(ms / 3_600_000)} h`;
  return `${Math.round(ms / 86_400_000)} days`;
}
