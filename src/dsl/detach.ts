/**
 * Lets a step go its own way: nobody awaits it, it may outlive the body, and its failure does not fail the pipeline.
 *
 * @example
 * detach(notify({ text: "a new model is there" }));
 */
export function detach(work: Promise<unknown>): void {
  work.catch(() => {});
}
