/**
 * Rejections that nobody handles, per run: a failed call that the body never awaits must not end the process, yet the run must know of it.
 *
 * Whether a promise is handled only the engine knows, exactly and with every way of handling (`await`, `then`, `Promise.all`, `return`).
 * It tells Node when all jobs of a turn are done, and Node tells `process` by the events `unhandledRejection` and, where somebody handles it
 * after all, `rejectionHandled`. Those of a run, told apart by the async context in which they came to be, are taken here, before they
 * reach listeners of the program around, for which a rejection is often the end. No promise is wrapped, so no tick is added.
 */
import { AsyncLocalStorage, AsyncResource } from "node:async_hooks";

export class UnhandledRejections {
  /** Of what was rejected and is not handled: most runs have none. */
  #reasons: Map<Promise<unknown>, unknown> | undefined;
  /** The context is made once: a delivery only enters it. */
  readonly #inside: AsyncResource;

  constructor() {
    this.#inside = context.run(this, () => new AsyncResource("Run"));
    open.add(this);
    if (open.size === 1) listen();
  }

  /** Runs `act`, and whatever it sets going, such that its unhandled rejections come here. Until `close`. */
  within<T>(act: () => T): T {
    return this.#inside.runInAsyncScope(act);
  }

  /** The earliest rejection that nobody has handled up to the last turn of the event loop. */
  first(): { reason: unknown } | undefined {
    for (const reason of this.#reasons?.values() ?? []) return { reason };
    return undefined;
  }

  add(promise: Promise<unknown>, reason: unknown): void {
    this.#reasons ??= new Map();
    this.#reasons.set(promise, reason);
  }

  /** False where it was none of this run's. */
  remove(promise: Promise<unknown>): boolean {
    return this.#reasons?.delete(promise) ?? false;
  }

  /** What was rejected last is told after the last job, and is this run's too. */
  close(): void {
    setImmediate(() => {
      open.delete(this);
      if (open.size === 0) unlisten();
    });
  }
}

const context = new AsyncLocalStorage<UnhandledRejections>();
const open = new Set<UnhandledRejections>();

/**
 * Listeners of one event cannot be kept from one another, so the event is taken before it is told: `process.emit` is what Node itself
 * calls. It is put back when no run is left; where somebody else has wrapped it since, it stays and does nothing.
 */
let installed = false;
/** Kept for good: Node binds `process.emit` where it listens for a signal, so that ours is called long after it was put back. */
let original = process.emit;

function listen(): void {
  if (installed) return;
  original = process.emit;
  process.emit = emit as typeof process.emit;
  installed = true;
}

function unlisten(): void {
  if (process.emit !== (emit as typeof process.emit)) return;
  process.emit = original;
  installed = false;
}

function emit(this: NodeJS.Process, event: string, ...args: unknown[]): boolean {
  if (event === "unhandledRejection") {
    const rejections = context.getStore();
    if (rejections !== undefined && open.has(rejections)) {
      rejections.add(args[1] as Promise<unknown>, args[0]);
      return true;
    }
  }
  if (event === "rejectionHandled")
    for (const rejections of open) if (rejections.remove(args[0] as Promise<unknown>)) return true;
  return Reflect.apply(original, this, [event, ...args]) as boolean;
}
