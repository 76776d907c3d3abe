/** The compiler: an author's TypeScript becomes pipeline JSON, or problems. */
export { type Compiled, type CompileOptions, compile, type Listed, listPipelines } from "./compile.ts";
export { CompileError, type Problem } from "./problem.ts";
