/** How much one task may report: beyond it there is a mistake, such as a number in a title, and one sentence says so. */
export const limits = {
  /** Titles and series together. */
  series: 2_000,
  figures: 1_000,
  artifacts: 10_000,
} as const;

export type Limited = keyof typeof limits;

const remedies: Record<Limited, string> = {
  series: "Give what changes from point to point as the iteration, not in the title or the name of the series",
  figures: "Give what changes from plot to plot as the iteration, and draw fewer of them",
  artifacts: "Keep a folder, or a table",
};

const limitSentence = (what: Limited): string =>
  `a task keeps at most ${limits[what].toLocaleString("en")} ${what}. ${remedies[what]}`;

/** A task has reported more than it may. */
export class LimitError extends RangeError {
  override name = "LimitError";

  /** `what` is shown where it is told what was reported last. */
  constructor(limited: Limited, what?: string) {
    super(what === undefined ? limitSentence(limited) : `${what}: ${limitSentence(limited)}`);
  }
}
