/** Counts the SQL statements of this process: work that no other process of the machine can slow down. */
import { StatementSync } from "node:sqlite";

let count = 0;
for (const method of ["run", "get", "all"] as const) {
  const native = StatementSync.prototype[method] as (...values: unknown[]) => unknown;
  StatementSync.prototype[method] = function (this: StatementSync, ...values: unknown[]) {
    count += 1;
    return native.apply(this, values);
  } as never;
}

export const statements = (): number => count;
