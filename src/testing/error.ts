/** The test itself is wrong, or the pipeline cannot end under it: no run would ever end so. The message is a sentence that says how to mend it. */
export class TestError extends Error {
  override name = "TestError";
}
