/** What runs wait for besides their steps, as people see it: folded from events by the same rules by which their graphs go on. */
import type { Event } from "../../model/event.ts";
import { giveUp, type Mailbox, mailbox, receive, send } from "../../model/mailbox.ts";
import type { TaskId } from "../../model/task.ts";

/** A wait that is not over. */
export type WaitState = {
  /** Whose body waits, and where in it. */
  run: TaskId;
  path: string;
  since: number;
  /** When it ends: a timer's end, a signal's limit. */
  until?: number;
  signal?: string;
};

/** By run. Signals that came early are only counted: their values say nothing here. */
export type Waiting = Record<TaskId, { waits: Record<string, WaitState>; mail: Record<string, Mailbox<null>> }>;

export function openWaits(waiting: Readonly<Waiting>): WaitState[] {
  return Object.values(waiting).flatMap(({ waits }) => Object.values(waits));
}

/** In place, as in a draft. */
export function applyToWaiting(waiting: Waiting, event: Event): void {
  const { task } = event;
  switch (event.kind) {
    case "completed":
    case "failed":
    case "aborted":
    case "reset":
      delete waiting[task];
      return;
    case "waiting": {
      const { at, path, until, signal, transient = false } = event;
      const { waits, mail } = of(waiting, task);
      if (signal !== undefined && receive(boxOf(mail, signal), path, transient)) return;
      waits[path] = {
        ...{ run: task, path, since: at },
        ...(until !== undefined && { until }),
        ...(signal !== undefined && { signal }),
      };
      return;
    }
    case "timer": {
      const { waits, mail } = of(waiting, task);
      const signal = waits[event.path]?.signal;
      if (signal !== undefined) giveUp(boxOf(mail, signal), event.path);
      delete waits[event.path];
      return;
    }
    case "signal": {
      const { waits, mail } = of(waiting, task);
      const path = send(boxOf(mail, event.name), null);
      if (path !== undefined) delete waits[path];
    }
  }
}

const of = (waiting: Waiting, run: TaskId) => own(waiting, run, (): Waiting[TaskId] => ({ waits: {}, mail: {} }));
const boxOf = (mail: Record<string, Mailbox<null>>, name: string) => own(mail, name, () => mailbox<null>());

/** Names come from outside: `constructor` may be one. */
function own<T>(record: Record<string, T>, key: string, make: () => T): T {
  if (!Object.hasOwn(record, key)) record[key] = make();
  return record[key]!;
}
