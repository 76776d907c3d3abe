/**
 * The gate in a step process: which of the calls that it was sent may still begin. One thread lets them through, each by its number in the process's life. Another
 * shuts it, also while the first computes without a pause; so that what has not begun can be taken back, and nothing runs twice.
 *
 * In the shared number: that of the next call; or, where it is shut, how many times it was by then, below zero.
 */
export type Gate = Int32Array<SharedArrayBuffer>;

export const createGate = (): Gate => new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));

/** Lets calls begin from that number on, by an order that was given after it was shut for the `shuts`th time, and before the next. Does nothing where it is open. */
export function openGate(gate: Gate, first: number, shuts: number): void {
  Atomics.compareExchange(gate, 0, -shuts, first);
}

/** False where the gate is shut: then the call does not begin. */
export function passGate(gate: Gate, number: number): boolean {
  return Atomics.compareExchange(gate, 0, number, number + 1) === number;
}

/** For the `shuts`th time. Gives the number of the first call that has not begun; nothing where none has since the gate was last shut. */
export function shutGate(gate: Gate, shuts: number): number | undefined {
  const next = Atomics.exchange(gate, 0, -shuts);
  return next < 0 ? undefined : next;
}
