/** Decisions of a run's body, as they are recorded for people: which way it went, and why. */

export type Decided = {
  /** Of a branch: its own, `loop1[3]/if1`. Of a loop's test: that of the turn before which (`do`: after which) it was made, `loop1[3]`. */
  path: string;
  of: "branch" | "loop";
  /** Of a branch: the index of the case that was taken, or -1 where none was. Of a loop's test: 1 for another turn, or -1 for none. */
  outcome: number;
  /** `accuracy 0.871 < target 0.95 → again (iteration 4)` */
  explanation: string;
};
