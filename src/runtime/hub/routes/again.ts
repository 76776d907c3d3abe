/**
 * Changes that are asked for again, of a hub that has forgotten them: it was started anew between the change and its answer. What repeats itself harmlessly needs
 * nothing; of the others, what the store has recorded already is left out.
 */
import { lostName } from "../../../model/failure.ts";
import type { LogLine } from "../../../model/log.ts";
import type { Scalar } from "../../../model/metric.ts";
import type { TaskId } from "../../../model/task.ts";
import type { Command, Store } from "../../ports.ts";
import type { Held } from "../subscription.ts";

/** What the store says that an agent runs, and the agent never heard of, goes back to its queue. */
export async function giveBack({ tasks, queue }: Store, agent: string, holding: readonly Held[]): Promise<void> {
  const known = new Set(holding.map(({ task, attempt }) => `${attempt} ${task}`));
  const running = await tasks.list({ status: "running", templates: true });
  for (const { id: task, attempt } of running) {
    if (known.has(`${attempt} ${task}`)) continue;
    if ((await tasks.attempts(task)).at(-1)?.agent !== agent) continue;
    const failure = { name: lostName, message: "the agent never heard of its claim" };
    await queue.report({ task, attempt, agent, outcome: "retry", failure });
  }
}

/** The commands of a turn that are not recorded. A clone that is there is left as it is anyway. */
export async function unrecorded(
  { events }: Store,
  run: TaskId,
  attempt: number,
  commands: readonly Command[],
): Promise<Command[]> {
  const kinds = { decision: "decision", wait: "waiting", fire: "timer" } as const;
  const told = await events.read(run, 0, undefined, "calls", ["running", ...Object.values(kinds)]);
  const began = told.findLastIndex(
    (event) => event.kind === "running" && event.task === run && event.attempt === attempt,
  );
  const recorded = new Set(told.slice(began).map((event) => ("path" in event ? `${event.kind} ${event.path}` : "")));
  return commands.filter(
    (command) =>
      !(command.kind in kinds) || !recorded.has(`${kinds[command.kind as keyof typeof kinds]} ${pathOf(command)}`),
  );
}

const pathOf = (command: Command): string => ("path" in command ? command.path : "");

/** The lines that are not the last that their attempts have said. */
export async function unsaid({ logs }: Store, lines: readonly LogLine[]): Promise<LogLine[]> {
  const byTask = Map.groupBy(lines, ({ task }) => task);
  const fresh = [...byTask].map(async ([task, own]) => {
    const last = await logs.read(task, { last: own.length });
    return sameLines(last, own) ? [] : own;
  });
  return (await Promise.all(fresh)).flat();
}

const sameLines = (said: readonly LogLine[], lines: readonly LogLine[]): boolean =>
  said.length === lines.length &&
  lines.every(({ attempt, stream, text, at }, i) => {
    const other = said[i]!;
    return other.attempt === attempt && other.stream === stream && other.text === text && other.at === at;
  });

/** The points that their series do not have. */
export async function unmeasured({ metrics }: Store, points: readonly Scalar[]): Promise<Scalar[]> {
  const bySeries = Map.groupBy(points, ({ task, title, series }) => JSON.stringify([task, title, series]));
  const fresh = [...bySeries.values()].map(async (own) => {
    const { task, title, series } = own[0]!;
    const known = new Set((await metrics.read(task, title, series)).map(pointName));
    return own.filter((point) => !known.has(pointName(point)));
  });
  return (await Promise.all(fresh)).flat();
}

const pointName = ({ attempt, iteration, value, at }: Scalar): string => `${attempt} ${iteration} ${value} ${at}`;
