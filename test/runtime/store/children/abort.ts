/** Aborts a run. */
import { openStore } from "../../../../src/runtime/store/open.ts";

const [folder, run] = process.argv.slice(2) as [string, string];
await using store = await openStore(folder);
await store.runs.abort(run, "from elsewhere");
