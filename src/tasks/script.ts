/** The program in which an agent runs a script: it provides `reprise` and the task that the agent claimed, and imports the script. */
import { randomBytes } from "node:crypto";
import { createRequire, registerHooks } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { SHARE_ENV, Worker } from "node:worker_threads";
import { failureOf } from "../model/failure.ts";
import { bindHost, bindScript } from "../model/task-handle.ts";
import { markLevels } from "../runtime/agent/executors/process/console-levels.ts";
import type { FromScript, ScriptCall, ToScript } from "../runtime/agent/executors/script-protocol.ts";
import { createStepContext } from "../runtime/agent/executors/step-context.ts";
import { createRecorder } from "../runtime/agent/recorder.ts";
import { ConflictError } from "../runtime/ports.ts";
import { taskHostOn } from "./host.ts";
import { openPlace, placeOf } from "./place.ts";
import { type Life, runningTaskOf } from "./running-task.ts";

const { place: name, task: id, attempt, entry, module } = JSON.parse(process.argv[2]!) as ScriptCall;
const tell = (message: FromScript): void => void process.send!(message);

process.argv = [process.argv[0]!, entry];
markLevels();
process.setSourceMapsEnabled(true);
// Where the script was bundled, `reprise` stayed outside: it is this one.
registerHooks({
  resolve: (specifier, context, next) =>
    next(specifier, /^reprise(\/|$)/.test(specifier) ? { ...context, parentURL: import.meta.url } : context),
});
holdLifeline();

const place = placeOf(name);
const store = await openPlace(place);
const task = await store.tasks.get(id);
if (task === undefined) throw new ConflictError(`there is no task "${id}"`);
const recorder = createRecorder(store, { task, attempt, earlier: { failures: 0, timedOut: 0, lost: 0 } });
const spools = join(store.blobs.spool, randomBytes(8).toString("hex"));
const call = { id, name: task.name, attempt, createdAt: task.createdAt, spools };
const bound = createStepContext(call, recorder);
const life: Life = { returns: (output) => tell({ kind: "returns", output }), end: settle, async handOver() {} };

bindScript(bound.context);
bindHost(taskHostOn(store, place.folder, () => runningTaskOf(store, id, life)));
process.on("message", (message: ToScript) => message.kind === "abort" && bound.abort());
// A script ends when it has nothing left to do, although its agent could still speak to it.
process.channel?.unref();
process.once("beforeExit", () => void Promise.resolve(bound.close()).then(settle));
process.once("exit", () => {
  recorder.flush();
  void store.close();
});
process.on("uncaughtExceptionMonitor", (thrown) => tell({ kind: "threw", failure: failureOf(thrown) }));

await import(pathToFileURL(module).href);

/** Everything that was reported is kept. */
async function settle(): Promise<void> {
  await recorder.settled();
  await recorder.end();
}

/** A script that computes without a pause does not hear that the agent is gone; a thread beside it does. */
function holdLifeline(): void {
  const file = createRequire(import.meta.url).resolve("#step-lifeline");
  new Worker(file, {
    env: SHARE_ENV,
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 1 },
  }).unref();
}
