/**
 * Runs commands: programs of any kind, each in a process group of its own. Exit code 0 completes its task, any other fails it; what it prints is the task's log.
 * No shell is between, so that parameters are never more than arguments.
 */
import { createRequire } from "node:module";
import { filledIn } from "../../../model/command.ts";
import { type Failure, failureOf, withoutStack } from "../../../model/failure.ts";
import type { Json } from "../../../model/json.ts";
import { plainJson } from "../../../model/plain-json.ts";
import type { Code } from "../../../model/task.ts";
import { waitingTypes } from "../../../model/task-type.ts";
import { decodeWhole, encode } from "../../../model/value.ts";
import { type Blobs, type Claim, type Executor, type Result, type Revoked, StoreError } from "../../ports.ts";
import { createRecorder, type Recorder } from "../recorder.ts";
import { createSecrets, type Mask, type Secrets } from "../secrets.ts";
import { keep, textOf } from "../stored.ts";
import { type Surroundings, secretIn, surroundingsOf } from "../surroundings.ts";
import { failureIn } from "./command/failure.ts";
import type { FromWarden, ToWarden } from "./command/protocol.ts";
import { makeWorkplace, type Workplace } from "./command/workplace.ts";
import { OwnGroup } from "./own-group.ts";
import { idempotencyKeyOf } from "./step-call.ts";
import { abortedEarly, type StepStore } from "./step-executor.ts";

export type CommandExecutorOptions = {
  store: StepStore;
  /** Where the store is, a folder or an address: the command is told. */
  place: string;
  /** How long an aborted command may take to end after SIGTERM before its process group is killed; default 5 s. */
  graceMs?: number;
  /** Default: the agent's own environment. */
  secrets?: Secrets;
};

export function commandExecutor(options: CommandExecutorOptions): Executor {
  const { store, place, graceMs = 5_000, secrets = createSecrets() } = options;
  const running = new Set<OwnGroup<FromWarden>>();

  async function execute(claim: Claim, revoked: Revoked): Promise<Result> {
    await using workplace = await makeWorkplace(store.blobs);
    const ready = await prepared(claim, { workplace, place, blobs: store.blobs, secrets });
    if ("failure" in ready) return { outcome: "failed", failure: ready.failure };
    if (revoked.aborted) return { outcome: "failed", failure: abortedEarly.failure };
    const { call, mask } = ready;
    const recorder = createRecorder(store, claim, mask);
    const failure = await run(call, withLastErrors(recorder, mask), revoked);
    await recorder.settled();
    recorder.flush();
    if (failure) return { outcome: "failed", failure };
    return await completed(workplace, claim, mask, store.blobs);
  }

  /** Gives why it failed; nothing where it did not. */
  async function run(call: ToWarden, recorder: Listening, revoked: Revoked): Promise<Failure | undefined> {
    let told: FromWarden | undefined;
    const group = new OwnGroup<FromWarden>(warden, {
      recorder,
      hear(message) {
        told = message;
      },
    });
    running.add(group);
    group.tell(call);
    group.endWhenAborted(revoked, [
      { afterMs: 0, take: () => group.signal("SIGTERM") },
      { afterMs: graceMs, take: () => group.signal("SIGKILL") },
    ]);
    const exit = await group.exited;
    running.delete(group);
    return failureIn(told ?? exit, call.run[0]!, recorder.lastErrors);
  }

  return {
    kind: "command",
    waits: ({ options }) => waitingTypes.has(options.type),
    execute,
    async close() {},
    kill() {
      for (const group of running) group.signal("SIGKILL");
    },
  };
}

const warden = createRequire(import.meta.url).resolve("#command-warden");

type Preparation = { workplace: Workplace; place: string; blobs: Blobs; secrets: Secrets };

/** What cannot be made ready fails the task. A store that fails is not the task's failure. */
async function prepared(
  claim: Claim,
  { workplace, place, blobs, secrets }: Preparation,
): Promise<({ call: ToWarden } & Surroundings) | { failure: Failure }> {
  const { task, attempt } = claim;
  const { run, files } = task.code as Code & { kind: "command" };
  try {
    const surroundings = await surroundingsOf(claim, secrets);
    const parameters = await parametersOf(claim, blobs);
    await workplace.fill(files, parameters);
    const env = {
      // Else what Python prints would come when it ends.
      PYTHONUNBUFFERED: "1",
      ...process.env,
      ...surroundings.env,
      REPRISE_STORE: place,
      REPRISE_TASK: task.id,
      REPRISE_ATTEMPT: String(attempt),
      REPRISE_IDEMPOTENCY_KEY: idempotencyKeyOf(task),
      REPRISE_PARAMETERS: workplace.parameters,
      REPRISE_OUTPUT: workplace.output,
    };
    return { ...surroundings, call: { run: filledIn(run, parameters), folder: workplace.folder, env } };
  } catch (error) {
    if (error instanceof StoreError) throw error;
    return { failure: withoutStack(failureOf(error)) };
  }
}

async function parametersOf({ task }: Claim, blobs: Blobs): Promise<{ [name: string]: Json }> {
  if (task.input === undefined) return {};
  const value = await decodeWhole(await textOf(task.input, blobs), (blob) => textOf({ blob, bytes: 0 }, blobs));
  return plainJson(value, "parameters") as { [name: string]: Json };
}

/** A recorder that remembers the end of what was said on stderr. */
type Listening = Pick<Recorder, "line" | "backlog" | "settled"> & { readonly lastErrors: readonly string[] };

function withLastErrors(recorder: Recorder, mask: Mask | undefined): Listening {
  const lastErrors: string[] = [];
  return {
    lastErrors,
    line(stream, text) {
      recorder.line(stream, text);
      if (stream === "stdout" || text.trim() === "") return;
      // Masked before it is cut: half a secret would not be found.
      lastErrors.push((mask ? mask.hide(text) : text).slice(0, longestLine));
      if (lastErrors.length > shownErrors) lastErrors.shift();
    },
    get backlog() {
      return recorder.backlog;
    },
    settled: () => recorder.settled(),
  };
}

const shownErrors = 5;
const longestLine = 400;

async function completed(workplace: Workplace, { task }: Claim, mask: Mask | undefined, blobs: Blobs): Promise<Result> {
  try {
    const value = await workplace.readOutput();
    if (value === undefined) return { outcome: "completed" };
    const output = encode(value, `the output of the command "${task.name}"`);
    const failure = secretIn(output, mask, task.name);
    if (failure) return { outcome: "failed", failure };
    return { outcome: "completed", output: await keep(output, blobs) };
  } catch (error) {
    if (error instanceof StoreError) throw error;
    return { outcome: "failed", failure: withoutStack(failureOf(error)) };
  }
}
