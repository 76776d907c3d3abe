/** The warm pool: processes that have run a step wait for the next, and one more is started ahead. */
import { type Child, type ChildOptions, startChild } from "./child.ts";

export type PoolOptions = ChildOptions & { /** Processes kept warm, beside the one in reserve. */ size: number };

export interface Pool {
  /** A process that is free, warm if there is one. Give it back when its step's output has been read. */
  take(): Child;
  giveBack(child: Child): void;
  /** Ends the processes that are free at once, and each other one when it is given back. Resolves when none is left. */
  close(): Promise<void>;
  /** Ends all at once. */
  kill(): void;
}

/** Starts the first process right away, so that it is warm when the first step comes. */
export function createPool({ size, ...options }: PoolOptions): Pool {
  const all = new Set<Child>();
  /** The warmest last. */
  const free: Child[] = [];
  let closing = false;

  function start(): Child {
    const child = startChild(options);
    all.add(child);
    void child.gone.then(() => forget(child));
    return child;
  }

  function forget(child: Child): void {
    all.delete(child);
    const at = free.indexOf(child);
    if (at >= 0) free.splice(at, 1);
  }

  function keepReserve(): void {
    if (!closing && free.length === 0 && all.size <= size) free.unshift(start());
  }

  keepReserve();
  return {
    take() {
      const child = free.pop() ?? start();
      keepReserve();
      return child;
    },
    giveBack(child) {
      if (!child.usable) return keepReserve();
      if (closing || free.length > size) child.end();
      else free.push(child);
    },
    async close() {
      closing = true;
      for (const child of free) child.end();
      await Promise.all([...all].map((child) => child.gone));
    },
    kill() {
      closing = true;
      for (const child of all) child.kill();
    },
  };
}
