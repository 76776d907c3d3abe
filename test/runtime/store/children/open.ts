/** Opens a store, once its parent says so, and prints how many tasks it has, or why not. */
import { once } from "node:events";
import { openStore } from "../../../../src/runtime/store/open.ts";

console.log("ready");
await once(process.stdin, "data");
process.stdin.destroy();
try {
  await using store = await openStore(process.argv[2]!);
  console.log((await store.tasks.list({})).length);
} catch (error) {
  console.log((error as Error).message);
}
