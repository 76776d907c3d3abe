/** Clones `fit` for a run, a turn each, and prints each task's id once it is acknowledged; then, or where the store refuses, it ends. */
import { openStore } from "../../../../src/runtime/store/open.ts";

const [folder, run, template, name, count] = process.argv.slice(2) as [string, string, string, string, string];
const store = await openStore(folder);
try {
  for (let i = 1; i <= Number(count); i++) {
    await store.runs.turn(run, 1, [
      { kind: "clone", template, path: `${name}[${i}]/fit`, input: { text: "x".repeat(200) } },
    ]);
    process.stdout.write(`${run}/${name}[${i}]/fit\n`);
  }
} catch (error) {
  process.stdout.write(`${(error as Error).name}: ${(error as Error).message}\n`);
}
await store.close();
