import { Command } from "commander";
import { formatDuration } from "../../model/duration.ts";
import type { QueueState, Store } from "../../runtime/ports.ts";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines, screenOf } from "../output.ts";
import { table } from "../view/table.ts";
import { watch, watchOption } from "../watch.ts";

export const queues = (): Command =>
  new Command("queues")
    .description("list queues: what waits and runs, and who serves them")
    .option("--json", "as JSON")
    .addOption(watchOption())
    .addHelpText("after", "\nExamples:\n  reprise queues\n  reprise queues --watch")
    .action(exiting(listQueues));

type Flags = { json?: boolean; watch?: true };

async function listQueues({ json, watch: watched }: Flags, command: Command): Promise<number> {
  await using store = await existingStore(command);
  if (watched) await watch(async () => rows(await read(store)));
  else {
    const found = await read(store);
    if (json) printJson(found);
    else if (found.length === 0) process.stderr.write("no queues\n");
    else printLines(rows(found));
  }
  return exitCodes.completed;
}

/** Each with those of its agents that live. */
async function read(store: Store): Promise<QueueState[]> {
  const [found, agents, { isDead }] = await Promise.all([
    store.queue.list(),
    store.queue.agents(),
    import("../../runtime/agent/lease.ts"),
  ]);
  const now = Date.now();
  const living = new Set(agents.filter((agent) => !isDead(agent, now)).map(({ id }) => id));
  return found.map((queue) => ({ ...queue, agents: queue.agents.filter((id) => living.has(id)) }));
}

function rows(queues: readonly QueueState[]): string[] {
  const { width, style } = screenOf(process.stdout);
  const now = Date.now();
  const [head, ...body] = table(
    queues,
    [
      { title: "queue", cell: ({ name }) => name, least: 12 },
      { title: "waiting", cell: ({ waiting }) => String(waiting), align: "right" },
      {
        title: "running",
        cell: ({ running, limit }) => (limit === undefined ? String(running) : `${running} of ${limit}`),
        align: "right",
      },
      {
        title: "oldest",
        cell: ({ oldestAt }) => (oldestAt === undefined ? "" : formatDuration(now - oldestAt)),
        align: "right",
      },
      {
        title: "served by",
        cell: servedBy,
        least: 16,
        style: (cell, queue) => (isStuck(queue) ? style.red(cell) : style.dim(cell)),
      },
    ],
    width,
  );
  return [style.dim(head!), ...body];
}

/** Something waits, and nobody will come. */
const isStuck = ({ waiting, agents }: QueueState): boolean => waiting > 0 && agents.length === 0;

function servedBy(queue: QueueState): string {
  const { paused, agents } = queue;
  return [...(paused ? ["paused"] : []), agents.length > 0 ? agents.join(", ") : "no agent"].join(" · ");
}
