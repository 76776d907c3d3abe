/** Chance and time as a body reads them: each reading is recorded, so that a resumed run reads the same. */

export const chanceSources = ["Date.now", "Math.random", "crypto.randomUUID", "performance.now"] as const;
export type ChanceSource = (typeof chanceSources)[number];

/** What was read: a UUID is text, the others are numbers. */
export type Chance = number | string;
