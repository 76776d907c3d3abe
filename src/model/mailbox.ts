/**
 * A mailbox: what was sent under one name meets who waits for it, each value one wait, in their orders. Plain data, since the graph and the picture that
 * people see of it both keep one.
 */
export type Mailbox<Value> = {
  /** Paths of waits without an answer, the oldest first. */
  waiting: string[];
  /** Values that nobody has taken, the oldest first. */
  early: Value[];
};

export const mailbox = <Value>(): Mailbox<Value> => ({ waiting: [], early: [] });

/** Gives the path of the wait that takes the value; undefined where it is kept for a later one. */
export function send<Value>({ waiting, early }: Mailbox<Value>, value: Value): string | undefined {
  const path = waiting.shift();
  if (path === undefined) early.push(value);
  return path;
}

/** Gives the value that was there already, else the path waits. A transient wait does not take what came before it. */
export function receive<Value>(
  { waiting, early }: Mailbox<Value>,
  path: string,
  transient: boolean,
): { value: Value } | undefined {
  if (!transient && early.length > 0) return { value: early.shift() as Value };
  waiting.push(path);
  return undefined;
}

/** The wait at that path is over without an answer. */
export function giveUp({ waiting }: Mailbox<unknown>, path: string): void {
  const at = waiting.indexOf(path);
  if (at >= 0) waiting.splice(at, 1);
}
