import type { Chance } from "../model/chance.ts";
import type { Clock } from "../model/clock.ts";
import type { Event, EventBody } from "../model/event.ts";
import type { TaskId } from "../model/task.ts";
import type { Events } from "../runtime/ports.ts";

/** What is recorded, in memory: all that is left of a run when its controller dies. */
export class Ledger implements Pick<Events, "read"> {
  readonly events: Event[] = [];
  readonly #chances = new Map<TaskId, Map<string, Chance>>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `run`: whose graph hears of it, and to which the task belongs; of a run's own waits and decisions, itself. */
  append(run: TaskId, task: TaskId, body: EventBody): void {
    this.events.push({ seq: this.events.length + 1, run, task, at: this.#clock.now(), ...body });
  }

  /** Those that the run's graph hears, whatever the scope: nobody else asks. */
  async read(...[run, after, limit, , kinds]: Parameters<Events["read"]>): Promise<Event[]> {
    const own = this.events.filter(
      (event) => event.seq > after && event.run === run && (kinds === undefined || kinds.includes(event.kind)),
    );
    return own.slice(0, limit);
  }

  /** A reading of chance or time; a path that has a value keeps it. */
  keep(run: TaskId, path: string, value: Chance): void {
    const kept = this.#chances.get(run) ?? new Map<string, Chance>();
    this.#chances.set(run, kept);
    if (!kept.has(path)) kept.set(path, value);
  }

  /** A copy: who replays uses it up. */
  chances(run: TaskId): Map<string, Chance> {
    return new Map(this.#chances.get(run));
  }
}
