/** Compiles a pipeline in a process of its own: `compile.ts FILE [OUT]` prints how long that took, from the loading of the compiler on, and its memory. */
import { writeFileSync } from "node:fs";

const [file = "", out] = process.argv.slice(2);
const begun = performance.now();
const { compile } = await import("../../src/compiler/compile.ts");
const { text } = await compile(file);
const ms = performance.now() - begun;
const { user, system } = process.cpuUsage();
const rssMb = process.resourceUsage().maxRSS / 1_024;
if (out !== undefined) writeFileSync(out, text);
console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1_000, rssMb, bytes: text.length }));
process.exit();
