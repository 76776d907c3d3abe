/** Decisions of a run, as they are recorded for people: which way its body went, and why. */

export type Decided = {
  /** Of a branch: its own, `loop1[3]/if1`. Of a loop's test: that of the turn before which (`do`: after which) it was made, `loop1[3]`. */
  path: string;
  /** `skip`: of a node in data order that does not run, as something that it reads failed or was skipped. */
  of: "branch" | "loop" | "skip";
  /** Of a branch: the index of the case that was taken, or -1 where none was. Of a loop's test: 1 for another turn, or -1 for none. Of a skip: -1. */
  outcome: number;
  /** `accuracy 0.871 < target 0.95 → again (iteration 4)`, `fit failed → skipped` */
  explanation: string;
};
