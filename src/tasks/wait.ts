/** Waiting for a task. */
import { filter, firstValueFrom, from, race } from "rxjs";
import { durationMs, formatDuration } from "../model/duration.ts";
import { ended, type TaskId, type TaskStatus } from "../model/task.ts";
import type { WaitOptions } from "../model/task-handle.ts";
import { lookForDead } from "../runtime/agent/lease.ts";
import type { Store } from "../runtime/ports.ts";
import { status$ } from "./streams.ts";

/** A wait that was given up; the task goes on. */
export class TimeoutError extends Error {
  override name = "TimeoutError";
}

const longestTimerMs = 2 ** 31 - 1;

/** Resolves with the status that was waited for. Rejects as `TaskHandle.wait` says. */
export async function waitFor(
  store: Pick<Store, "tasks" | "events" | "logs" | "queue">,
  id: TaskId,
  { status, timeout, signal }: WaitOptions = {},
): Promise<TaskStatus> {
  const wanted = status === undefined ? undefined : [status].flat();
  const isReached = (now: TaskStatus) => (wanted === undefined ? ended(now) : wanted.includes(now));
  const reached$ = status$(store, id).pipe(filter((now) => isReached(now) || ended(now)));
  signal?.throwIfAborted();
  using given = givenUp(id, timeout, signal);
  // Nobody else may be there to notice that who ran it has died.
  using _ = looking(store, given.fail);
  const now = await firstValueFrom(race(reached$, from(given.up)));
  if (isReached(now)) return now;
  throw new Error(`the task ${id} has ended as ${now}: it did not become ${wanted!.join(" or ")}`);
}

function looking(store: Pick<Store, "queue">, failed: (error: unknown) => void): Disposable {
  const stop = lookForDead(store, { failed });
  return { [Symbol.dispose]: stop };
}

/** `up` rejects when it is no longer waited. */
function givenUp(
  id: TaskId,
  timeout: WaitOptions["timeout"],
  signal: AbortSignal | undefined,
): Disposable & { up: Promise<never>; fail(error: unknown): void } {
  const { promise: up, reject } = Promise.withResolvers<never>();
  const ms = timeout === undefined ? undefined : durationMs(timeout);
  const stop = () => reject(signal!.reason);
  const timer =
    ms === undefined
      ? undefined
      : setTimeout(
          () =>
            reject(
              new TimeoutError(
                `the task ${id} did not get there in ${formatDuration(ms)}: nobody waits for it any more`,
              ),
            ),
          Math.min(ms, longestTimerMs),
        );
  signal?.addEventListener("abort", stop);
  up.catch(() => {});
  return {
    up,
    fail: reject,
    [Symbol.dispose]() {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
    },
  };
}
