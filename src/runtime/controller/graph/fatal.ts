/** Errors that end the run: the body can neither catch them nor see them. */

export class Fatal extends Error {}

/** The body computed without end. */
export class BudgetError extends Fatal {
  override name = "BudgetError";

  constructor(limit: number) {
    super(
      `the pipeline's body computed ${limit} turns and calls without waiting for a step: ` +
        "it may loop without end; move long computations into a step",
    );
  }
}

/** Two calls of one run have one identity: a mistake of Reprise or of whoever made the graph. */
export class IdentityError extends Fatal {
  override name = "IdentityError";

  constructor(path: string) {
    super(`internal error: the graph reached "${path}" twice`);
  }
}
