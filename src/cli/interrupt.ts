/** Ctrl-C and SIGTERM: the first asks for an orderly end, the second ends everything at once. */
import { exitCodes } from "./errors.ts";

/** A terminal, a shim and npm may each pass on one and the same signal: what comes so close together counts once. Milliseconds. */
const sameSignalMs = 250;

export interface Interrupts extends Disposable {
  /** From now on there is nothing to abort: the next signal kills. */
  onlyKill(): void;
}

/** Until disposed. `kill` must be synchronous; the process exits after it. */
export function onInterrupt(handlers: { abort(): void; kill(): void }): Interrupts {
  let firstAt: number | undefined;
  const hear = () => {
    const now = performance.now();
    if (firstAt === undefined) {
      firstAt = now;
      handlers.abort();
    } else if (now - firstAt > sameSignalMs) {
      handlers.kill();
      process.exit(exitCodes.aborted);
    }
  };
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const signal of signals) process.on(signal, hear);
  return {
    onlyKill() {
      firstAt ??= Number.NEGATIVE_INFINITY;
    },
    [Symbol.dispose]() {
      for (const signal of signals) process.off(signal, hear);
    },
  };
}
