/** Reruns: a run may be the same one as an earlier run again, and take from it what does not have to be made again. */
import { segments } from "./identity.ts";
import type { TaskId } from "./task.ts";

/**
 * Of a run: the earlier one. With `from`, paths of its calls, with or without the numbers of turns and activations: those run again, and what depends on them;
 * every other call takes the output of the earlier run's. Without it, nothing is taken.
 */
export type Rerun = { of: TaskId; from?: readonly string[] };

/** A path without numbers, which stands for all that differ in them: `loop1[3]/twice#2/inc` → `loop1/twice/inc`. */
export const unnumbered = (path: string): string =>
  segments(withoutAttempt(path))
    .map((segment) => segment.replace(/(?:\[\d+\]|#\d+)$/, ""))
    .join("/");

/** A path without the turn that says which attempt of a pipeline it belongs to: `[2]/fit` → `fit`. */
export const withoutAttempt = (path: string): string => path.replace(/^\[\d+\]\//, "");

/** Is the call at that path one of those? */
export const isAmong = (paths: readonly string[], path: string): boolean =>
  paths.includes(withoutAttempt(path)) || paths.includes(unnumbered(path));

/** Of those paths what lies within the call at `path`, as the run that it is names them. */
export function within(paths: readonly string[], path: string): string[] {
  const heads = [`${withoutAttempt(path)}/`, `${unnumbered(path)}/`];
  return paths.flatMap((each) => {
    const head = heads.find((one) => each.startsWith(one));
    return head === undefined ? [] : [each.slice(head.length)];
  });
}
