import type { Event, EventBody } from "../../../src/model/event.ts";
import { foldAll } from "../../../src/runtime/controller/fold.ts";
import { initialState, type RunState } from "../../../src/runtime/controller/state.ts";

type Time = number;
const run = "r1";

/** Events told in a few words; times are seconds after the run's start. */
export class Story {
  readonly events: Event[] = [];

  tell(at: Time, path: string, ...bodies: EventBody[]): this {
    const task = path === "" ? run : `${run}/${path}`;
    for (const body of bodies) this.events.push({ seq: this.events.length + 1, run, task, at: at * 1000, ...body });
    return this;
  }

  start(at: Time, name: string): this {
    const running: EventBody = { kind: "running", attempt: 1, agent: "a" };
    return this.tell(at, "", { kind: "created", name }, { kind: "queued", queue: "services" }, running);
  }

  queue(at: Time, path: string, name: string): this {
    return this.tell(at, path, { kind: "created", name }, { kind: "queued", queue: "default" });
  }

  run(at: Time, path: string, name: string, attempt = 1): this {
    if (attempt === 1) this.queue(at, path, name);
    return this.tell(at, path, { kind: "running", attempt, agent: "a" });
  }

  done(at: Time, path: string, scalars: Record<string, number> = {}): this {
    for (const [name, value] of Object.entries(scalars)) {
      const [title = "", series = title] = name.split("/");
      this.tell(at, path, { kind: "scalar", title, series, value, iteration: 1 });
    }
    return this.tell(at, path, { kind: "completed", attempt: 1 });
  }

  decide(at: Time, path: string, explanation: string, outcome = 1): this {
    return this.tell(at, "", {
      kind: "decision",
      path,
      of: path.endsWith("]") ? "loop" : "branch",
      outcome,
      explanation,
    });
  }

  state(fanOuts: string[] = [], loops: Record<string, string> = {}): RunState {
    return foldAll(initialState(run, fanOuts, { "": loops }), this.events).state;
  }
}
