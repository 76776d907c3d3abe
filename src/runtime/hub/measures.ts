/** What Prometheus asks for. */
import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Store } from "../ports.ts";

export class Measures {
  readonly #registry = new Registry();
  readonly #requests: Histogram;
  #isAsked = false;

  /** `channels`: how many are open. */
  constructor(store: Store, channels: () => number) {
    const registers = [this.#registry];
    this.#requests = new Histogram({
      name: "reprise_request_seconds",
      help: "requests by route and status",
      labelNames: ["route", "status"],
      buckets: [0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5],
      registers,
    });
    const gauge = (name: string, help: string, labelNames: string[], measure: (gauge: Gauge) => Promise<void> | void) =>
      new Gauge({
        ...{ name, help, labelNames, registers },
        collect() {
          return measure(this);
        },
      });
    gauge("reprise_channels", "channels of clients that are open", [], (open) => open.set(channels()));
    gauge("reprise_agents", "agents whose lease has not run out", [], async (agents) => {
      const known = await store.queue.agents();
      agents.set(known.filter(({ leaseUntil }) => leaseUntil >= Date.now()).length);
    });
    gauge("reprise_queue_tasks", "tasks of queues by state", ["queue", "state"], async (tasks) => {
      tasks.reset();
      for (const { name, waiting, running } of await store.queue.list()) {
        tasks.set({ queue: name, state: "waiting" }, waiting);
        tasks.set({ queue: name, state: "running" }, running);
      }
    });
    gauge("reprise_events", "the number of the latest event", [], async (events) =>
      events.set(await store.events.latest()),
    );
  }

  request(route: string, status: number, ms: number): void {
    this.#requests.observe({ route, status: String(status) }, ms / 1_000);
  }

  async answer(): Promise<Response> {
    // They watch the process from the first time on that somebody asks.
    if (!this.#isAsked) collectDefaultMetrics({ register: this.#registry });
    this.#isAsked = true;
    return new Response(await this.#registry.metrics(), { headers: { "content-type": this.#registry.contentType } });
  }
}
