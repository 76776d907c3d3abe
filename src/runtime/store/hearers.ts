/** Those who hear of a run's events before these are committed, so that what they answer is committed with them. */
import type { Event } from "../../model/event.ts";
import type { TaskId } from "../../model/task.ts";
import type { Hearer } from "../ports.ts";
import { eachGroup } from "./groups.ts";

export class Hearers {
  readonly #byRun = new Map<TaskId, Set<Hearer>>();
  /** Who has heard something in the open transaction. */
  readonly #told = new Set<Hearer>();

  /** Gives the way to stop. */
  add(run: TaskId, hearer: Hearer): () => void {
    const hearers = this.#byRun.get(run) ?? new Set();
    this.#byRun.set(run, hearers.add(hearer));
    return () => {
      this.#told.delete(hearer);
      if (hearers.delete(hearer) && hearers.size === 0) this.#byRun.delete(run);
    };
  }

  tell(events: readonly Event[]): void {
    if (this.#byRun.size === 0) return;
    eachGroup(events, runOf, (run, ofRun) => {
      this.#byRun.get(run)?.forEach((hearer) => void this.tellOne(hearer, ofRun));
    });
  }

  tellOne(hearer: Hearer, events: readonly Event[]): void {
    if (events.length === 0) return;
    this.#told.add(hearer);
    hearer.hear(events);
  }

  committed(): void {
    this.#told.clear();
  }

  failed(error: unknown): void {
    const told = [...this.#told];
    this.#told.clear();
    for (const hearer of told) hearer.fail(error);
  }

  clear(): void {
    this.#byRun.clear();
    this.#told.clear();
  }
}

const runOf = ({ run }: Event): TaskId => run;
