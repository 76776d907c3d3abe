/** Turns of loops that are looked at by themselves: a filter on the paths of tasks and decisions. */
import { parseSegment, segments } from "../../src/model/identity.ts";

/** By the path of a loop as it is drawn, `loop1[]`: the turn. */
export type Turns = Readonly<Record<string, number>>;

/** Does what has that path belong to them, or to none of their loops? */
export function isInTurns(path: string, turns: Turns): boolean {
  for (const [loop, n] of turnsIn(path)) if (turns[loop] !== undefined && turns[loop] !== n) return false;
  return true;
}

/** The highest turn of each loop, by its path as it is drawn. */
export function countTurns(ids: Iterable<string>, run: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (const id of ids)
    for (const [loop, n] of turnsIn(id.slice(run.length + 1))) if (n > (counts.get(loop) ?? 0)) counts.set(loop, n);
  return counts;
}

/** As `drawnPath` does: a called pipeline and a function begin anew, further attempts of a pipeline are drawn where the first is. */
function* turnsIn(path: string): Generator<[loop: string, n: number]> {
  if (!path.includes("[")) return;
  let called = "";
  let drawn = "";
  for (const segment of segments(path)) {
    const { id, turn, activation } = parseSegment(segment);
    if (id === "") continue;
    if (activation !== undefined) drawn = `${called}${id}#`;
    else if (turn !== undefined) {
      drawn = `${drawn === "" ? called : `${drawn}/`}${id}[]`;
      yield [drawn, turn];
    } else {
      called = `${drawn === "" ? called : `${drawn}/`}${id}/`;
      drawn = "";
    }
  }
}
