/** Blocks: what lies near each other by its number, events as tasks. A sparse index knows in which of them something lies, and no more. */

/** So many numbers make a block; the database's own definitions have it too. */
const size = 256;

export const blockOf = (number: number): number => Math.floor(number / size);

/** As SQL: is the number in that block? */
export const inBlock = (number: string, block: string): string =>
  `${number} >= ${block} * ${size} and ${number} < (${block} + 1) * ${size}`;
