/**
 * The controller: hears the events of a run, lets its graph react, and asks for what the graph wants. It holds no truth of its own: a run is
 * a function of its pipeline, its params and the order of its events, so that a controller which starts anew delivers the recorded
 * events in their order and is where the one before it was. A crash between an event and what it causes loses nothing: the event is
 * recorded, and causes the same again.
 */
import { concat, concatMap, defer, fromEvent, lastValueFrom, map, of, repeat, takeUntil, takeWhile } from "rxjs";
import { abortedName, timeLimitName } from "../../model/failure.ts";
import type { TaskId } from "../../model/task.ts";
import { decode } from "../../model/value.ts";
import { type Claim, type Command, LostLeaseError, type Result, type Store } from "../ports.ts";
import { follow$ } from "./events.ts";
import { type Ended, endsOfSteps, readHistory } from "./history.ts";
import { Inbox } from "./inbox.ts";
import type { Program } from "./programs.ts";
import { type Outcome, RunningGraph, type Turn } from "./running-graph.ts";
import { keep, textOf } from "./stored.ts";

/** What a controller gives that was stopped, or has lost its lease: nobody reads it. */
export const stopped: Result = {
  outcome: "failed",
  failure: { name: abortedName, message: "the controller was stopped" },
};

/**
 * Runs the graph of a claimed controller to its end. Events come in as one stream, the recorded ones first, and are pulled turn by turn: what
 * has arrived when a turn begins. What the graph wants after a turn is one transaction; turns go on meanwhile, commits keep their order.
 * Rejects with a LostLeaseError where the run is another controller's now, and with whatever broke the controller itself.
 */
export async function control(claim: Claim, program: Program, store: Store, signal: AbortSignal): Promise<Result> {
  const { task } = claim;
  const history = await readHistory(store.events, task.id);
  const params = task.input && decode(await textOf(store.blobs, task.input));
  if (signal.aborted) return stopped;

  const graph = new RunningGraph(task.id, program, { existing: history.created, blobs: store.blobs });
  const inbox = new Inbox<Ended>();
  const live$ = follow$(store.events, task.id, history.seq).pipe(map((events) => endsOfSteps(task.id, events)));
  const hearing = concat(of(history.ends), live$).subscribe((ends) => inbox.push(ends));

  const start$ = defer(() => graph.start(params));
  const turn$ = defer(async () => graph.turn(await inbox.take(), signal));
  const result$ = concat(start$, turn$.pipe(repeat())).pipe(
    takeWhile((turn) => turn.kind === "goes on", true),
    concatMap((turn) => commit(turn, claim, program, store)),
    takeUntil(fromEvent(signal, "abort")),
  );
  try {
    const result = (await lastValueFrom(result$, { defaultValue: stopped })) ?? stopped;
    if (isOverLimit(signal)) await abort(graph.open(), "the pipeline ran longer than its time limit", claim, store);
    return result;
  } catch (error) {
    if (!(error instanceof LostLeaseError)) await abort(graph.open(), "the controller failed", claim, store);
    throw error;
  } finally {
    hearing.unsubscribe();
    graph.close();
  }
}

/** Gives the run's result where the turn has settled it. */
async function commit(turn: Turn, claim: Claim, program: Program, store: Store): Promise<Result | undefined> {
  if (turn.kind === "settled") {
    await abort(turn.aborts, "the pipeline has ended", claim, store);
    return resultOf(turn.outcome, store);
  }
  if (turn.clones.length === 0) return undefined;
  const commands = turn.clones.map(async ({ template, path, input }): Promise<Command> => {
    const id = program.templates.get(template);
    if (id === undefined)
      throw new Error(`the graph calls the template "${template}", which the pipeline does not have`);
    return { kind: "clone", template: id, path, ...(input !== undefined && { input: await keep(store.blobs, input) }) };
  });
  await store.runs.turn(claim.task.id, claim.attempt, await Promise.all(commands));
  return undefined;
}

async function abort(tasks: TaskId[], reason: string, { task, attempt }: Claim, store: Store): Promise<void> {
  if (tasks.length === 0) return;
  await store.runs.turn(
    task.id,
    attempt,
    tasks.map((open) => ({ kind: "abort", task: open, reason })),
  );
}

async function resultOf(outcome: Outcome, store: Store): Promise<Result> {
  if (outcome.kind === "failed") return { outcome: "failed", failure: outcome.failure };
  return { outcome: "completed", ...(outcome.text !== undefined && { output: await keep(store.blobs, outcome.text) }) };
}

/** An agent that stops leaves the run to the next controller; past its time limit the run is over. */
const isOverLimit = ({ aborted, reason }: AbortSignal): boolean =>
  aborted && (reason as Error | undefined)?.name === timeLimitName;
