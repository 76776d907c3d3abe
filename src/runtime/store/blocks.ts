/** Blocks: what lies near each other by its number. A sparse index knows in which of them something lies, and no more. */

/**
 * So many numbers make a block; the database's own definitions have them too. Who looks for a run's events reads past those of others in the same blocks,
 * so few of hundreds of runs at once, 0.3 ms a block; who looks for what runs, past what has ended.
 */
export const sizes = { events: 8_192, tasks: 256 };

export const blockOf = (number: number, size: number): number => Math.floor(number / size);
