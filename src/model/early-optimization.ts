/** V8, told to optimize early: for processes whose whole life is a run of some hundred steps. */
import { setFlagsFromString } from "node:v8";

/**
 * Has V8 optimize a function after 50 calls rather than 400, and 50 calls after it has last met a new type rather than 500. The first 500 steps of a process
 * then take about half the time; those after it take the same. It is for the whole process, and best called first in its program: the command line and the processes
 * of steps do, and a program that opens Reprise itself may. It does nothing where V8 is not the one that this was measured on, that of Node 24.
 *
 * @example
 * import { open } from "reprise/runtime";
 *
 * optimizeEarly();
 * await using reprise = await open();
 */
export function optimizeEarly(): void {
  // Another one may not know the settings, and would say so on stderr.
  if (!process.versions.v8.startsWith("13.")) return;
  for (const setting of [
    "--invocation-count-for-maglev=50",
    "--minimum-invocations-after-ic-update=50",
    // Hundreds of functions are then optimized at once, and the memory of each would be kept until all of them are: some 25 MB.
    "--no-maglev-destroy-on-background",
  ])
    setFlagsFromString(setting);
}
