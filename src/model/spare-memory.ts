/** V8, told to do with a small young generation: for processes that make much garbage and keep little. */
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";

/** Of each half of the young generation, of which V8 fills one at a time; its own limit is 32. */
const halfMb = 8;
let bounded = false;

/**
 * Has V8 stop at 8 MB where it would let each half of the young generation grow to 32. Steps of a few lines take as long as before, and the process some 30 MB
 * less; one that keeps much of what it makes, as a step does that computes with large data, may take longer. It is for the whole process, and best called
 * first in its program: the command line does, and a program that opens Reprise itself may. Again it does nothing, nor where V8 is not the one that
 * this was measured on, that of Node 24.
 *
 * @example
 * import { open } from "reprise/runtime";
 *
 * spareMemory();
 * await using reprise = await open();
 */
export function spareMemory(): void {
  if (bounded || !process.versions.v8.startsWith("13.")) return;
  bounded = true;
  // The limit itself is only heard when a process starts; by how much the next growth multiplies, at each growth. V8 also makes it smaller, so this never ends.
  new PerformanceObserver(boundGrowth).observe({ entryTypes: ["gc"] });
  boundGrowth();
}

function boundGrowth(): void {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")!;
  const mayGrow = young.space_size < 2 * halfMb * 1024 * 1024;
  setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`);
}
