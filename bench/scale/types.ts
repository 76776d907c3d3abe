/** Checks the types of a file in a process of its own: `types.ts FILE` prints how long that took, without loading the program. */
import { dirname } from "node:path";
import { load, reportTypeErrors } from "../../src/compiler/load.ts";
import { Problems } from "../../src/compiler/problem.ts";

const [file = ""] = process.argv.slice(2);
const problems = new Problems(dirname(file));
const loaded = load(file, problems);
const begun = performance.now();
const before = process.cpuUsage();
reportTypeErrors(loaded, problems);
const { user, system } = process.cpuUsage(before);
console.log(
  JSON.stringify({ ms: performance.now() - begun, cpuMs: (user + system) / 1_000, problems: problems.list.length }),
);
