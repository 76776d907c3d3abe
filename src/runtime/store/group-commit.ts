/** Group commit: what is asked for within one turn of the event loop shares one transaction. */
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Change } from "./changes.ts";
import { storeError } from "./errors.ts";

type Operation = { run: () => unknown; resolve: (value: unknown) => void; reject: (error: unknown) => void };
type Outcome = { value: unknown } | { error: unknown };

export class GroupCommit {
  onCommit: (changes: Change[]) => void = () => {};
  /** Hears of what is about to be committed; what it asks for in answer is done in the same transaction. */
  beforeCommit: (changes: readonly Change[]) => void = () => {};
  readonly #connection: DatabaseSync;
  readonly #folder: string;
  readonly #sql: Record<"begin" | "commit" | "mark" | "keep" | "undo", StatementSync>;
  #waiting: Operation[] = [];
  #changes: Change[] = [];

  constructor(connection: DatabaseSync, folder: string) {
    this.#connection = connection;
    this.#folder = folder;
    this.#sql = {
      // With a plain `begin`, two processes that both read before they write would refuse each other.
      begin: connection.prepare("begin immediate"),
      commit: connection.prepare("commit"),
      mark: connection.prepare("savepoint operation"),
      keep: connection.prepare("release operation"),
      undo: connection.prepare("rollback to operation"),
    };
  }

  add<T>(run: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#waiting.push({ run, resolve: resolve as Operation["resolve"], reject }) === 1)
        setImmediate(() => this.flush());
    });
  }

  record(change: Change): void {
    this.#changes.push(change);
  }

  /** Commits what waits. An operation that is refused fails alone; a transaction that fails, fails them all. */
  flush(): void {
    const operations = this.#waiting;
    if (operations.length === 0) return;
    this.#waiting = [];
    this.#changes = [];
    let outcomes: Outcome[];
    try {
      outcomes = this.#transaction(operations);
    } catch (error) {
      if (this.#connection.isTransaction) this.#connection.exec("rollback");
      for (const { reject } of operations) reject(storeError(error, this.#folder));
      return;
    }
    operations.forEach(({ resolve, reject }, i) => {
      const outcome = outcomes[i]!;
      if ("value" in outcome) resolve(outcome.value);
      else reject(outcome.error);
    });
    if (this.#changes.length > 0) this.onCommit(this.#changes);
  }

  #transaction(operations: Operation[]): Outcome[] {
    this.#sql.begin.run();
    const outcomes = operations.map((operation) => this.#attempt(operation));
    for (const operation of this.#answers()) {
      operations.push(operation);
      outcomes.push(this.#attempt(operation));
    }
    this.#sql.commit.run();
    return outcomes;
  }

  #answers(): Operation[] {
    if (this.#changes.length === 0) return [];
    this.beforeCommit(this.#changes);
    const answers = this.#waiting;
    this.#waiting = [];
    return answers;
  }

  #attempt({ run }: Operation): Outcome {
    this.#sql.mark.run();
    const changesBefore = this.#changes.length;
    try {
      const value = run();
      this.#sql.keep.run();
      return { value };
    } catch (error) {
      // A full or failing disk is the transaction's trouble, and often has ended it already.
      if (!this.#connection.isTransaction || storeError(error, this.#folder) !== error) throw error;
      this.#sql.undo.run();
      this.#sql.keep.run();
      this.#changes.length = changesBefore;
      return { error };
    }
  }
}
