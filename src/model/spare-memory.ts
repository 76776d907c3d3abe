/** V8, told to do with little memory: for processes that make much garbage and keep little. */
import { PerformanceObserver } from "node:perf_hooks";
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from "node:v8";

const megabyte = 1024 * 1024;
/** Of each half of the young generation, of which V8 fills one at a time; its own limit is 32 MB. */
const halfBytes = 8 * megabyte;
/** As long as there is less, it is marked at once, in some 20 ms, when V8's limit is reached. */
const smallBytes = 64 * megabyte;
let spared = false;

/**
 * Has V8 stop at 8 MB where it would let each half of the young generation grow to 32, and collect a small heap's garbage at once, when it must, rather than
 * earlier and piece by piece on the cores where a young process has its functions optimized. Steps of a few lines take as long as before, and the process some
 * 40 MB less; one that keeps much of what it makes, as a step does that computes with large data, may take longer. It is for the whole process, and best called
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
  if (spared || !process.versions.v8.startsWith("13.")) return;
  spared = true;
  // V8 also makes the young generation smaller again, so this never ends.
  new PerformanceObserver(bound).observe({ entryTypes: ["gc"] });
  bound();
}

/** A limit of the young generation would only be heard when a process starts; by how much it multiplies, at each growth. */
function bound(): void {
  const young = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space")!;
  set("growth", `--semi-space-growth-factor=${young.space_size < 2 * halfBytes ? 2 : 1}`);
  const isSmall = getHeapStatistics().used_heap_size < smallBytes;
  set("marking", isSmall ? "--no-incremental-marking" : "--incremental-marking");
}

const settings = { growth: "", marking: "" };

function set(name: keyof typeof settings, setting: string): void {
  if (settings[name] === setting) return;
  settings[name] = setting;
  setFlagsFromString(setting);
}
