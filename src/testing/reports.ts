import type { ReportedPoint, Reporter } from "../runtime/agent/recorder.ts";
import type { Ledger } from "./ledger.ts";
import type { Products } from "./products.ts";
import type { TestedTask } from "./tasks.ts";
import type { Work } from "./work.ts";

type Point = { task: TestedTask; point: ReportedPoint };

/** What steps report while they run. */
export class Reports {
  readonly #ledger: Ledger;
  readonly #work: Work;
  readonly #products: Products;
  /** The last of each series since the last time: a run, too, hears of what is reported at once by its last point. */
  readonly #points = new Map<string, Point>();

  constructor(ledger: Ledger, work: Work, products: Products) {
    this.#ledger = ledger;
    this.#work = work;
    this.#products = products;
  }

  /** For the attempt at the task that runs now; later it is not heard any more. */
  reporter(task: TestedTask): Reporter {
    const { id, run, attempt } = task;
    const tell = (say: () => void) => {
      if (task.status === "running" && task.attempt === attempt) say();
    };
    return {
      scalar: (point) =>
        tell(() => {
          this.#points.set(JSON.stringify([id, point.title, point.series]), { task, point });
          this.#work.tell();
        }),
      progress: (progress) => tell(() => this.#ledger.append(run, id, { kind: "progress", progress })),
      artifact: async (draft) => {
        const kept = this.#products.keep(draft, draft.on ? { task: run, attempt: 0 } : { task: id, attempt });
        tell(() => this.#ledger.append(run, kept.task, { kind: "artifact", name: kept.name }));
        return kept;
      },
      // Nobody looks for them in a test: no graph hears of them.
      figure() {},
      announce() {},
      withdraw() {},
      content: async (hash) => this.#products.file(hash),
      find: async (of, name, role) => this.#products.find(of, name, role),
      saveCheckpoint: async (text) => tell(() => this.#products.saveCheckpoint(id, text)),
      loadCheckpoint: async () => this.#products.checkpoint(id),
    };
  }

  /** Records the points. False where there are none. */
  flush(): boolean {
    const points = [...this.#points.values()];
    this.#points.clear();
    for (const { task, point } of points) {
      const { title, series, value, iteration } = point;
      this.#ledger.append(task.run, task.id, { kind: "scalar", title, series, value, iteration });
    }
    return points.length > 0;
  }
}
