/** Compiles the pipelines, as a user does before a run: `compile.ts FOLDER` writes one JSON file each. */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compile } from "reprise/compiler";

const [folder = ""] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
for (const pipeline of ["chain", "fanOut", "rerun", "burns"]) {
  const { text } = await compile(join(import.meta.dirname, "pipelines.ts"), { pipeline });
  const draft = join(folder, `${pipeline}.${process.pid}`);
  writeFileSync(draft, text);
  renameSync(draft, join(folder, `${pipeline}.json`));
}
