/** Errors that end the run: the body can neither catch them nor see them. */

export class Fatal extends Error {}

/** The body went past a bound: it computed too long, or made a value too large. The message says which, and how to mend it. */
export class BudgetError extends Fatal {
  override name = "BudgetError";
}

/** The body needs more than its share of a process in which other runs go on: it is to be run anew in one of its own. */
export class OutgrownError extends Fatal {
  override name = "OutgrownError";

  constructor() {
    super("internal error: the body has outgrown the process that it shares with other runs");
  }
}

/** Two calls of one run have one identity: a mistake of Reprise or of whoever made the graph. */
export class IdentityError extends Fatal {
  override name = "IdentityError";

  constructor(path: string) {
    super(`internal error: the graph reached "${path}" twice`);
  }
}
