/** Orders in which what is held is released. */

/** Chooses the next of the held completions to release: an index below `held`. */
export type Order = (held: number) => number;

export const orders: Record<string, () => Order> = {
  "first in first": () => () => 0,
  "last in first": () => (held) => held - 1,
  "random 1": () => random(1),
  "random 2": () => random(2),
};

export function random(seed: number): Order {
  let state = seed;
  return (held) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * held);
  };
}
