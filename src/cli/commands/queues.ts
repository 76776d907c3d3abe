import { Command } from "commander";
import { formatDuration } from "../../model/duration.ts";
import type { QueueState } from "../../runtime/ports.ts";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines, screenOf } from "../output.ts";
import { table } from "../view/table.ts";

export const queues = (): Command =>
  new Command("queues")
    .description("list queues: what waits and runs, and who serves them")
    .option("--json", "as JSON")
    .action(exiting(listQueues));

async function listQueues({ json }: { json?: boolean }, command: Command): Promise<number> {
  await using store = await existingStore(command);
  const [found, agents, { isDead }] = await Promise.all([
    store.queue.list(),
    store.queue.agents(),
    import("../../runtime/agent/lease.ts"),
  ]);
  const now = Date.now();
  const living = new Set(agents.filter((agent) => !isDead(agent, now)).map(({ id }) => id));
  const rows = found.map((queue) => ({ ...queue, agents: queue.agents.filter((id) => living.has(id)) }));
  const { width, style } = screenOf(process.stdout);
  if (json) printJson(rows);
  else if (rows.length === 0) process.stderr.write("no queues\n");
  else {
    const [head, ...body] = table(
      rows,
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
    printLines([style.dim(head!), ...body]);
  }
  return exitCodes.completed;
}

/** Something waits, and nobody will come. */
const isStuck = ({ waiting, agents }: QueueState): boolean => waiting > 0 && agents.length === 0;

function servedBy(queue: QueueState): string {
  const { paused, agents } = queue;
  return [...(paused ? ["paused"] : []), agents.length > 0 ? agents.join(", ") : "no agent"].join(" · ");
}
