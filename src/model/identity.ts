/**
 * Identity: a task of a run is named by the path of its *caller* (turns of loops, activations of functions) and the id of its call node:
 * `loop1[3]/fit`, `twice#2/inc`. Turns and activations count from 1.
 */

/** The segment of the n-th turn of a loop, or of the n-th call of an each's function: `loop1[3]`. */
export const turn = (loop: string, n: number): string => `${loop}[${n}]`;

/** The segment of the n-th activation of a local function by one caller: `twice#2`. */
export const activation = (fn: string, n: number): string => `${fn}#${n}`;

/** The id of a run's task. The run's own controller task has the run's id. */
export const taskId = (run: string, path: string): string => `${run}/${path}`;

/** `loop1[3]/fit` → `["loop1[3]", "fit"]`. */
export const segments = (path: string): string[] => path.split("/");

/** `loop1[3]` → `{ id: "loop1", turn: 3 }`; `twice#2` → `{ id: "twice", activation: 2 }`; `fit` → `{ id: "fit" }`. */
export function parseSegment(segment: string): { id: string; turn?: number; activation?: number } {
  const match = /^(.*?)(?:\[(\d+)\]|#(\d+))?$/s.exec(segment);
  const [, id = segment, turn, activation] = match ?? [];
  return { id, ...(turn && { turn: Number(turn) }), ...(activation && { activation: Number(activation) }) };
}
