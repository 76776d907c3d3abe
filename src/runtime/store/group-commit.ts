/**
 * Group commit: what is asked for within one turn of the event loop shares one transaction, and so does what is asked for in answer. A controller that hears
 * of a result as soon as its report was accepted, asks for the next step before the commit, and the agent claims that before it too: a step is one transaction.
 *
 * Two callbacks of `setImmediate`, asked for at once, run one right after the other, with no other but the promise jobs that the first one caused between them.
 * The first opens the transaction and does what was asked for; those jobs are the answers; the second commits. No code of a step runs while it is open.
 *
 * Where what follows from a commit asks for the next one at once, as short steps do, several such pairs are asked for together, and the event loop is not gone around for
 * each: it takes as long as a small transaction.
 */
import { AsyncResource } from "node:async_hooks";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { storeError } from "./errors.ts";

export type Operation = {
  run: () => unknown;
  /** Does it check everything before it changes anything? Then nothing is to be undone where it is refused. */
  checksFirst?: boolean;
  /** Is it to be done when all others of the transaction were? */
  last?: boolean;
};
type Asked = Operation & { resolve: (value: unknown) => void; reject: (error: unknown) => void; outcome?: Outcome };
type Outcome = { value: unknown } | { error: unknown };

/** What takes part in each transaction. */
export interface Participant {
  /** It was opened: nobody else writes now. */
  begun(): void;
  /** Operations were done. */
  done(): void;
  /** It is about to be committed: the last answers are asked for. */
  closing(): void;
  /** What operations have only noted is to be written. */
  write(): void;
  committed(): void;
  failed(error: unknown): void;
  /** How much was noted. */
  mark(): Mark;
  /** Takes back what a refused operation has noted. */
  undo(mark: Mark): void;
}

/** How many events, and how many changes of tasks, which cannot be taken back. */
export type Mark = { events: number; tasks: number };

/** At most so many transactions before the event loop goes on; and none is begun when they have taken so long, in milliseconds. */
const mostRounds = 8;
const longestMs = 1;

/** What a commit sets going is not in the async context of whoever has asked for it first. */
const ofNobody = new AsyncResource("GroupCommit");

export class GroupCommit {
  participant: Participant | undefined;
  readonly #connection: DatabaseSync;
  readonly #folder: string;
  readonly #committed: () => void;
  readonly #sql: Record<"begin" | "commit" | "mark" | "keep" | "undo", StatementSync>;
  #waiting: Asked[] = [];
  /** Transactions that are asked for at once; how many of them are to come, and were made; since when. */
  #ahead = 1;
  #rounds = 0;
  #used = 0;
  #since = 0;
  /** What was done in the open transaction. */
  #done: Asked[] | undefined;
  #closing = false;
  #afterwards: (() => void)[] = [];

  /** `committed`: called after each commit. */
  constructor(connection: DatabaseSync, folder: string, committed: () => void) {
    this.#connection = connection;
    this.#folder = folder;
    this.#committed = committed;
    this.#sql = {
      // With a plain `begin`, two processes that both read before they write would refuse each other.
      begin: connection.prepare("begin immediate"),
      commit: connection.prepare("commit"),
      mark: connection.prepare("savepoint operation"),
      keep: connection.prepare("release operation"),
      undo: connection.prepare("rollback to operation"),
    };
  }

  /** Resolves after the commit. An operation that is refused fails alone; a transaction that fails, fails them all. */
  add<T>(operation: Operation & { run: () => T }): Promise<T> {
    return new Promise((resolve, reject) => {
      const asked: Asked = { ...operation, resolve: resolve as Asked["resolve"], reject };
      if (this.#done !== undefined) this.#join(asked);
      else if (this.#waiting.push(asked) === 1 && this.#rounds === 0) this.#ask();
    });
  }

  /** Calls back at once, or when the open transaction is over. */
  outside(act: () => void): void {
    if (this.#done === undefined) act();
    else this.#afterwards.push(act);
  }

  /** Commits what waits. */
  flush(): void {
    this.#begin();
    this.#commit();
  }

  #ask(): void {
    this.#since = performance.now();
    this.#used = 0;
    this.#rounds = this.#ahead;
    ofNobody.runInAsyncScope(this.#askRounds);
  }

  readonly #askRounds = (): void => {
    for (let i = 0; i < this.#ahead; i++) {
      setImmediate(this.#beginRound);
      setImmediate(this.#endRound);
    }
  };

  readonly #beginRound = (): void => {
    if (this.#used === 0 || performance.now() - this.#since < longestMs) this.#begin();
  };

  readonly #endRound = (): void => {
    if (this.#done !== undefined) this.#used += 1;
    try {
      this.#commit();
    } finally {
      this.#rounds -= 1;
      if (this.#rounds === 0) this.#askAgain();
    }
  };

  /** As many as were of use; twice as many where all were. */
  #askAgain(): void {
    this.#ahead = this.#used === this.#ahead ? Math.min(2 * this.#ahead, mostRounds) : Math.max(this.#used, 1);
    if (this.#waiting.length > 0) this.#ask();
  }

  #begin(): void {
    if (this.#waiting.length === 0) return;
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#done = waiting;
    try {
      this.#sql.begin.run();
      this.participant?.begun();
      for (let i = 0; i < waiting.length; i++) {
        const asked = waiting[i]!;
        if (!asked.last) asked.outcome = this.#attempt(asked);
      }
      this.participant?.done();
    } catch (error) {
      this.#fail(error);
    }
  }

  #join(asked: Asked): void {
    this.#done!.push(asked);
    if (asked.last && !this.#closing) return;
    try {
      asked.outcome = this.#attempt(asked);
      this.participant?.done();
    } catch (error) {
      this.#fail(error);
    }
  }

  #commit(): void {
    if (this.#done === undefined) return;
    this.#closing = true;
    try {
      for (let i = 0; i < this.#done.length; i++) {
        const asked = this.#done[i]!;
        asked.outcome ??= this.#attempt(asked);
      }
      this.participant?.closing();
      // The last answer may have failed it.
      if (this.#done === undefined) return;
      this.participant?.write();
      this.#sql.commit.run();
    } catch (error) {
      return this.#fail(error);
    }
    const done = this.#over();
    for (let i = 0; i < done.length; i++) {
      const { outcome, resolve, reject } = done[i]!;
      if ("value" in outcome!) resolve(outcome.value);
      else reject(outcome!.error);
    }
    this.participant?.committed();
    this.#committed();
    this.#goOn();
  }

  #fail(error: unknown): void {
    if (this.#connection.isTransaction) this.#connection.exec("rollback");
    const known = storeError(error, this.#folder);
    for (const { reject } of this.#over()) reject(known);
    this.participant?.failed(known);
    this.#goOn();
  }

  #over(): Asked[] {
    const done = this.#done!;
    this.#done = undefined;
    this.#closing = false;
    return done;
  }

  #goOn(): void {
    const afterwards = this.#afterwards;
    this.#afterwards = [];
    for (const act of afterwards) act();
  }

  #attempt({ run, checksFirst }: Operation): Outcome {
    const before = this.participant?.mark();
    if (!checksFirst) this.#sql.mark.run();
    try {
      const value = run();
      if (!checksFirst) this.#sql.keep.run();
      return { value };
    } catch (error) {
      // A full or failing disk is the transaction's trouble, and often has ended it already.
      if (!this.#connection.isTransaction || storeError(error, this.#folder) !== error) throw error;
      const after = this.participant?.mark();
      if (after?.tasks !== before?.tasks || (checksFirst && after?.events !== before?.events)) throw error;
      if (!checksFirst) {
        this.#sql.undo.run();
        this.#sql.keep.run();
        if (before) this.participant?.undo(before);
      }
      return { error };
    }
  }
}
