/** Those who follow runs, found by the events of a commit rather than asked one by one. */
import type { Event } from "../../model/event.ts";
import { isWithin, rootOf } from "../../model/identity.ts";
import type { TaskId } from "../../model/task.ts";
import type { EventScope } from "../ports.ts";
import { eachGroup } from "./groups.ts";

export type Follower = {
  readonly run: TaskId;
  readonly scope: EventScope;
  /** The number of the last event that it was given. */
  after: number;
  readonly listener: (events: readonly Event[]) => void;
};

export class Followers {
  readonly #ofCalls = new Map<TaskId, Set<Follower>>();
  /** By the root of the run that they follow. */
  readonly #ofTrees = new Map<TaskId, Set<Follower>>();

  add(follower: Follower): void {
    const { followers, key } = this.#place(follower);
    followers.set(key, (followers.get(key) ?? new Set()).add(follower));
  }

  remove(follower: Follower): void {
    const { followers, key } = this.#place(follower);
    const known = followers.get(key);
    if (known?.delete(follower) && known.size === 0) followers.delete(key);
  }

  clear(): void {
    this.#ofCalls.clear();
    this.#ofTrees.clear();
  }

  /** Calls back with who hears of which of the events, which are in order. */
  tell(events: readonly Event[], give: (follower: Follower, heard: readonly Event[]) => void): void {
    if (this.#ofCalls.size > 0)
      eachGroup(events, runOf, (run, ofRun) => {
        this.#ofCalls.get(run)?.forEach((follower) => void give(follower, ofRun));
      });
    if (this.#ofTrees.size > 0)
      eachGroup(events, rootOfRun, (root, ofTree) => {
        this.#ofTrees.get(root)?.forEach((follower) => {
          const isAll = root === follower.run;
          give(follower, isAll ? ofTree : ofTree.filter((event) => isWithin(event.task, follower.run)));
        });
      });
  }

  #place({ run, scope }: Follower): { followers: Map<TaskId, Set<Follower>>; key: TaskId } {
    return scope === "calls" ? { followers: this.#ofCalls, key: run } : { followers: this.#ofTrees, key: rootOf(run) };
  }
}

const runOf = ({ run }: Event): TaskId => run;
const rootOfRun = ({ run }: Event): TaskId => rootOf(run);
