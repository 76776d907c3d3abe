/** The warm pool: processes that have run a step wait for the next, and one more is started ahead. */
import { type Child, type ChildOptions, startChild } from "./child.ts";

export type PoolOptions = ChildOptions & {
  /** Processes kept warm, beside the one in reserve. */
  size: number;
  /** Is the first to be warm when the first step comes? Else nothing is started before that. */
  ahead: boolean;
};

export interface Pool {
  /** A warm process, as soon as there is one: one that has just run a step is sooner there than a new one. Give it back when its step's output has been read. */
  take(): Promise<Child>;
  giveBack(child: Child): void;
  /** Ends the processes that are free at once, and each other one when it is given back. Resolves when none is left. */
  close(): Promise<void>;
  /** Ends all at once. */
  kill(): void;
}

export function createPool({ size, ahead, ...options }: PoolOptions): Pool {
  const all = new Set<Child>();
  const starting = new Set<Child>();
  /** The warmest last. */
  const free: Child[] = [];
  const waiting: PromiseWithResolvers<Child>[] = [];
  let closing = false;

  /** One process in reserve is free, or on its way to be. */
  function keepReserve(): void {
    if (!closing && free.length === 0 && starting.size === 0 && all.size <= size) start();
  }

  function start(): void {
    const child = startChild(options);
    all.add(child);
    starting.add(child);
    void child.ready.then(() => {
      starting.delete(child);
      offer(child);
    });
    void child.gone.then(() => forget(child));
  }

  function offer(child: Child): void {
    const next = waiting.shift();
    if (next) next.resolve(child);
    else if (closing) child.end();
    else free.push(child);
    keepReserve();
  }

  function forget(child: Child): void {
    all.delete(child);
    if (free.includes(child)) free.splice(free.indexOf(child), 1);
    if (!starting.delete(child)) return keepReserve();
    // It could not even start, and says why to the step that waits for it. No other is tried but for another step.
    waiting.shift()?.resolve(child);
    if (waiting.length > 0) keepReserve();
  }

  if (ahead) keepReserve();
  return {
    take() {
      const next = Promise.withResolvers<Child>();
      const child = free.pop();
      if (child) next.resolve(child);
      else waiting.push(next);
      keepReserve();
      return next.promise;
    },
    giveBack(child) {
      if (child.usable) offer(child);
    },
    async close() {
      closing = true;
      for (const child of [...free, ...starting]) child.end();
      await Promise.all([...all].map((child) => child.gone));
    },
    kill() {
      closing = true;
      for (const child of all) child.kill();
    },
  };
}
