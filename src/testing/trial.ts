import type { Pipeline } from "../model/pipeline.ts";
import { ended } from "../model/task.ts";
import type { ChanceSources } from "../runtime/controller/chances.ts";
import { Agents } from "./agents.ts";
import type { VirtualClock } from "./clock.ts";
import { Controllers } from "./controllers.ts";
import type { Crashes } from "./crashes.ts";
import { overLimit, stuck } from "./endless.ts";
import type { Ledger } from "./ledger.ts";
import type { Chooser } from "./order.ts";
import { Pending } from "./pending.ts";
import { Products } from "./products.ts";
import { Reports } from "./reports.ts";
import type { Senders } from "./signals.ts";
import type { Steps } from "./steps.ts";
import { root, Tasks } from "./tasks.ts";
import type { Work } from "./work.ts";

/** What the world around the pipeline is made of. */
export type World = {
  ledger: Ledger;
  clock: VirtualClock;
  chances: ChanceSources;
  steps: Steps;
  senders: Senders;
  choose: Chooser;
  crashes: Crashes;
  work: Work;
  /** More events than that are taken for a pipeline without end. */
  limit: number;
};

/**
 * A trial of a pipeline: its graphs run as controllers run them, in memory; the rest of the world, agents, clock and senders, is played, one thing after the
 * other.
 */
export class Trial {
  readonly tasks: Tasks;
  readonly controllers: Controllers;
  resumes = 0;
  readonly #pipeline: Pipeline;
  readonly #world: World;
  readonly #agents: Agents;
  readonly #pending: Pending;
  readonly #reports: Reports;
  readonly #products = new Products();
  /** So many events were brought to the graphs. */
  #heard = 0;

  constructor(pipeline: Pipeline, world: World) {
    this.#pipeline = pipeline;
    this.#world = world;
    this.tasks = new Tasks(world.ledger, world.clock);
    this.#pending = new Pending(world.choose);
    this.#reports = new Reports(world.ledger, world.work, this.#products);
    const around = {
      ...world,
      tasks: this.tasks,
      reports: this.#reports,
      products: this.#products,
      pending: this.#pending,
    };
    this.#agents = new Agents(around, () => this.controllers);
    this.controllers = new Controllers(pipeline, around, this.#agents);
  }

  /** To the end of the run and of what it detached; `params` are encoded. Rejects with a TestError where there is none. */
  async play(params: string | undefined): Promise<void> {
    const { ledger, clock, work } = this.#world;
    const { name, options } = this.#pipeline;
    this.#agents.enqueue({ id: root, run: root, template: undefined, isStep: false, name, options, input: params });
    try {
      for (;;) {
        await this.#react();
        await work.quiet();
        // When its body has ended, the outermost run waits for nothing more.
        if (this.#reports.flush() || clock.ring() || this.#pending.happens(root)) continue;
        if (this.tasks.all().every(({ status }) => ended(status))) return;
        if (!clock.forward()) throw stuck(name, ledger.events);
      }
    } finally {
      this.controllers.close();
      work.close();
      this.#products.close();
    }
  }

  /** Until nothing moves: controllers die where they are to, agents claim what is queued, graphs hear what is recorded. */
  async #react(): Promise<void> {
    const { crashes, limit } = this.#world;
    const { events } = this.#world.ledger;
    for (;;) {
      if (events.length > limit) throw overLimit(this.#pipeline.name, limit);
      if (crashes.isDue(events.length)) {
        this.resumes += 1;
        await this.controllers.crash();
      } else if (await this.#agents.claim()) continue;
      else if (this.#heard < events.length) await this.controllers.hear(events[this.#heard++]!);
      else return;
    }
  }
}
