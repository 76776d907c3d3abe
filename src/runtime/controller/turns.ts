/**
 * Turns by number, as three nested maps of at most 64 keys each, so that an immutable change of one among a hundred thousand copies few
 * keys. Sparse: a turn that is dropped leaves nothing behind.
 */
export type Turns<T> = { readonly [high: number]: { readonly [middle: number]: { readonly [n: number]: T } } };

type Mutable<T> = { [high: number]: { [middle: number]: { [n: number]: T } } };

const width = 6;

export function findTurn<T>(turns: Turns<T>, n: number): T | undefined {
  return turns[n >> (2 * width)]?.[n >> width]?.[n];
}

/** In place, as in a draft. Gives what is in the place then. */
export function addTurn<T>(turns: Mutable<T>, n: number, turn: T): T {
  turns[n >> (2 * width)] ??= {};
  const high = turns[n >> (2 * width)]!;
  high[n >> width] ??= {};
  const middle = high[n >> width]!;
  middle[n] = turn;
  return middle[n]!;
}

export function dropTurn<T>(turns: Mutable<T>, n: number): void {
  const high = turns[n >> (2 * width)];
  const middle = high?.[n >> width];
  if (high === undefined || middle === undefined) return;
  delete middle[n];
  if (isEmpty(middle)) delete high[n >> width];
  if (isEmpty(high)) delete turns[n >> (2 * width)];
}

/** The kept turns with their numbers, in order. */
export function* turnsOf<T>(turns: Turns<T>): Generator<[n: number, turn: T]> {
  for (const high of Object.values(turns))
    for (const middle of Object.values(high)) for (const [n, turn] of Object.entries(middle)) yield [Number(n), turn];
}

function isEmpty(map: object): boolean {
  for (const _ in map) return false;
  return true;
}
