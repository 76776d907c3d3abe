/**
 * Checkpoint: a long import is interrupted, and its next attempt goes on where the one before it had come to. The error says when to try again, and each row is
 * sent under a key that is the same over all attempts, so that nobody counts it twice.
 */
import { pipeline, step, Task } from "reprise";

type Progress = { next: number; sent: string[]; attempts: number[] };

export const importRows = step.retry({ limit: 3, delay: "1h" })(
  async ({ rows, interruptedAt }: { rows: number; interruptedAt: number[] }) => {
    const { attempt, checkpoint, idempotencyKey } = Task.current();
    const progress = (await checkpoint.load<Progress>()) ?? { next: 0, sent: [], attempts: [] };
    for (; progress.next < rows; progress.next += 1) {
      if (progress.next === interruptedAt[attempt - 1])
        throw Object.assign(new Error("the server asks for a pause"), { retryAfter: "50ms" });
      progress.sent.push(`${idempotencyKey}-${progress.next}`);
      progress.attempts.push(attempt);
      await checkpoint.save({ ...progress, next: progress.next + 1 });
    }
    return { sent: new Set(progress.sent).size, attempts: progress.attempts };
  },
);

export default pipeline(
  "checkpoint",
  async ({ rows = 6, interruptedAt = [2, 5] }: { rows?: number; interruptedAt?: number[] }) =>
    await importRows({ rows, interruptedAt }),
);
