/** Another file of the project, as programs of the oracle import it: pure functions. */

export function half(x: number): number {
  return Math.floor(x / 2);
}

export const clamp = (x: number, { low = 0, high = 9 }: { low?: number; high?: number } = {}): number =>
  Math.min(Math.max(x, low), high);

export function sum(first = 0, ...rest: number[]): number {
  return rest.length === 0 ? first : first + sum(...rest);
}

/** Changes what it is given. */
export function noted<T>(list: T[], ...items: T[]): number {
  for (const item of items) list.push(item);
  return items.length;
}

export const counter = (from: number) => {
  let n = from;
  return { next: () => (n += 1), peek: () => n };
};
