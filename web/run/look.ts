/** What there is to see of a story in the turns that are looked at. It goes on where it was, so that an event costs its own small part, however long the story is. */

import type { Shape } from "../../src/cli/graph/picture.ts";
import { drawnPath, Seen } from "../../src/cli/graph/seen.ts";
import { sourceName } from "../../src/model/print-expression.ts";
import type { Decision, Story, Told } from "./story.ts";
import { isInTurns, type Turns } from "./turns.ts";

export class Look {
  readonly seen: Seen<Told>;
  readonly #story: Story;
  readonly #turns: Turns;
  readonly #isAll: boolean;
  /** By the path of a loop's turn; of others by the name of their node. */
  readonly #decisions = new Map<string, Decision[]>();
  #takenTasks = 0;
  #takenDecisions = 0;

  constructor(story: Story, turns: Turns) {
    this.#story = story;
    this.#turns = turns;
    this.#isAll = Object.keys(turns).length === 0;
    this.seen = new Seen(story.run.id);
  }

  /** Takes what the story has told since. */
  goOn(): this {
    const { tasks, decisions } = this.#story;
    for (const told of tasks.values().drop(this.#takenTasks)) if (this.#isSeen(told)) this.seen.task(told);
    for (const decision of decisions.slice(this.#takenDecisions)) if (this.#isSeen(decision)) this.#decided(decision);
    this.#takenTasks = tasks.size;
    this.#takenDecisions = decisions.length;
    return this;
  }

  tasksOf({ path }: Shape): readonly Told[] {
    return (path !== undefined && this.seen.tasks.get(path)) || [];
  }

  decisionsOf({ kind, path, id }: Shape): readonly Decision[] {
    const key = kind === "group" ? path : sourceName(id);
    return (key !== undefined && this.#decisions.get(key)) || [];
  }

  /** The highest turn of each loop, by its path as it is drawn. */
  turns(): Map<string, number> {
    return new Map(
      [...this.seen.turns].map(([loop, counts]) => [loop, counts.values().reduce((most, n) => Math.max(most, n), 0)]),
    );
  }

  /** Of each step, of those of its tasks that run now. */
  progress(): Map<string, number> {
    const found = new Map<string, number>();
    for (const [path, tasks] of this.seen.tasks)
      for (const { status, progress } of tasks)
        if (status === "running" && progress !== undefined) found.set(path, progress);
    return found;
  }

  #isSeen({ path }: { path: string }): boolean {
    return this.#isAll || isInTurns(path, this.#turns);
  }

  #decided(decision: Decision): void {
    this.seen.decision(decision);
    const key = keyOf(decision);
    const same = this.#decisions.get(key);
    if (same) same.push(decision);
    else this.#decisions.set(key, [decision]);
  }
}

function keyOf({ of, path }: Decision): string {
  let turn = "";
  const drawn = drawnPath(path, (turnPath) => {
    turn = turnPath;
  });
  return of === "loop" ? turn : drawn.slice(drawn.lastIndexOf("/") + 1);
}
