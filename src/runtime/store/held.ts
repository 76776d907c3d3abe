/** Stands for the time at which a task is due that is held: the last one that a Date can say. */
export const heldUntil = 8.64e15;
