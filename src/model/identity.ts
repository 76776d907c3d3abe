/**
 * Identity: a task of a run is named by the path of its *caller* (turns of loops, activations of functions) and the id of its call node:
 * `loop1[3]/fit`, `twice#2/inc`. Turns and activations count from 1.
 */

/** The segment of the n-th turn of a loop, or of the n-th call of an each's function: `loop1[3]`. */
export const turn = (loop: string, n: number): string => `${loop}[${n}]`;

/** The segment of the n-th activation of a local function by one caller: `twice#2`. */
export const activation = (fn: string, n: number): string => `${fn}#${n}`;

/**
 * The first segment of all paths in the n-th attempt of a pipeline that is retried, from the second on: `[2]`. It is a turn of what has no name, so that
 * no loop of an author's can have the same.
 */
export const attemptTurn = (n: number): string => turn("", n);

/** The id of a run's task. The run's own controller task has the run's id. */
export const taskId = (run: string, path: string): string => `${run}/${path}`;

/** The run that nobody called, of a task's or a run's id: `r1` of `r1/prepare/fit`. */
export function rootOf(id: string): string {
  const end = id.indexOf("/");
  return end < 0 ? id : id.slice(0, end);
}

/** Is it the run itself, or does it run for it, at any depth? */
export const isWithin = (id: string, run: string): boolean =>
  id.startsWith(run) && (id.length === run.length || id[run.length] === "/");

/**
 * The run and those that it was called by, outermost first, by the paths of their calls: `r1/loop1[2]/prepare/split` → `r1`, `loop1[2]/prepare`,
 * `split`. A segment that is neither a turn nor an activation is a call, and what stands behind a call was called by that run.
 */
export function callsOf(run: string): string[] {
  if (!run.includes("/")) return [run];
  const calls: string[] = [];
  let path = "";
  for (const segment of segments(run)) {
    path += segment;
    const { turn, activation } = parseSegment(segment);
    if (turn === undefined && activation === undefined) {
      calls.push(path);
      path = "";
    } else path += "/";
  }
  return calls;
}

/** `loop1[3]/fit` → `["loop1[3]", "fit"]`. */
export const segments = (path: string): string[] => path.split("/");

/** The number of the turn that is the path's last segment: 3 of `fn#2/loop1[3]`; 1 where that is none. */
export const lastTurn = (path: string): number =>
  path.endsWith("]") ? Number(path.slice(path.lastIndexOf("[") + 1, -1)) : 1;

/** `loop1[3]` → `{ id: "loop1", turn: 3 }`; `twice#2` → `{ id: "twice", activation: 2 }`; `fit` → `{ id: "fit" }`. */
export function parseSegment(segment: string): { id: string; turn?: number; activation?: number } {
  const match = /^(.*?)(?:\[(\d+)\]|#(\d+))?$/s.exec(segment);
  const [, id = segment, turn, activation] = match ?? [];
  return { id, ...(turn && { turn: Number(turn) }), ...(activation && { activation: Number(activation) }) };
}
