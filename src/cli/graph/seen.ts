/** What was seen of a run, sorted by what is drawn of it. */
import type { Decided } from "../../model/decision.ts";
import { parseSegment, segments } from "../../model/identity.ts";
import type { Task, TaskId } from "../../model/task.ts";

/** What a picture shows of a task. */
export type SeenTask = Pick<Task, "id" | "status" | "attempt" | "startedAt" | "endedAt">;

/** It grows: each task and each decision is told once, in order. A task may change afterwards, in place. */
export class Seen<T extends SeenTask = SeenTask> {
  /** By the path of a shape. */
  readonly tasks = new Map<string, T[]>();
  /** By the path of a turn: the last one's number of each time that the loop was run. */
  readonly turns = new Map<string, Map<string, number>>();
  /** By the path of a branch: the outcomes of its decisions. */
  readonly ways = new Map<string, Set<number>>();
  /** By the path of a shape: why it does not run. */
  readonly skips = new Map<string, string>();
  readonly #run: TaskId;

  constructor(run: TaskId) {
    this.#run = run;
  }

  task(task: T): void {
    if (task.id === this.#run) return;
    const path = drawnPath(task.id.slice(this.#run.length + 1), (turnPath, exact, n) => {
      const loops = this.turns.get(turnPath) ?? new Map<string, number>();
      this.turns.set(turnPath, loops.set(exact, Math.max(n, loops.get(exact) ?? 0)));
    });
    const same = this.tasks.get(path);
    if (same) same.push(task);
    else this.tasks.set(path, [task]);
  }

  decision({ path, of, outcome, explanation }: Decided): void {
    const drawn = drawnPath(path);
    if (of === "skip") this.skips.set(drawn, explanation);
    if (of === "branch") this.ways.set(drawn, (this.ways.get(drawn) ?? new Set()).add(outcome));
  }
}

/** `a/loop1[3]/fit` → `a/loop1[]/fit`; `loop1[3]/twice#2/inc` → `twice#/inc`: a function is drawn where it is declared. */
export function drawnPath(
  path: string,
  onTurn: (turnPath: string, exact: string, n: number) => void = () => {},
): string {
  let called = "";
  let drawn = "";
  const exact: string[] = [];
  for (const segment of segments(path)) {
    const { id, turn, activation } = parseSegment(segment);
    // Another attempt of the pipeline is drawn where the first one is.
    if (id === "") {
      exact.push(segment);
      continue;
    }
    if (activation !== undefined) drawn = `${called}${id}#`;
    else if (turn !== undefined) {
      drawn = `${drawn === "" ? called : `${drawn}/`}${id}[]`;
      onTurn(drawn, [...exact, id].join("/"), turn);
    } else {
      const call = `${drawn === "" ? called : `${drawn}/`}${id}`;
      called = `${call}/`;
      drawn = "";
    }
    exact.push(segment);
  }
  return called.slice(0, -1);
}
