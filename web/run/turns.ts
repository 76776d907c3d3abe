/** Turns of loops that are looked at by themselves: a filter on the paths of tasks and decisions. */
import { drawnPath } from "../../src/cli/graph/seen.ts";

/** By the path of a loop as it is drawn, `loop1[]`: the turn. */
export type Turns = Readonly<Record<string, number>>;

/** Does what has that path belong to them, or to none of their loops? */
export function isInTurns(path: string, turns: Turns): boolean {
  let isIn = true;
  drawnPath(path, (loop, _, n) => {
    if (turns[loop] !== undefined && turns[loop] !== n) isIn = false;
  });
  return isIn;
}
