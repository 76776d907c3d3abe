import { Command } from "commander";
import type { Agent } from "../../model/task.ts";
import type { Store } from "../../runtime/ports.ts";
import { exitCodes } from "../errors.ts";
import { exiting } from "../exit.ts";
import { existingStore } from "../folder.ts";
import { printJson, printLines, screenOf } from "../output.ts";
import { table } from "../view/table.ts";
import { watch, watchOption } from "../watch.ts";

export const agents = (): Command =>
  new Command("agents")
    .description("list agents: which queues they serve, and what they run")
    .option("--json", "as JSON")
    .addOption(watchOption())
    .addHelpText("after", "\nExamples:\n  reprise agents\n  reprise agents --watch")
    .action(exiting(listAgents));

type Flags = { json?: boolean; watch?: true };

async function listAgents({ json, watch: watched }: Flags, command: Command): Promise<number> {
  await using store = await existingStore(command);
  if (watched) await watch(async () => rows(await read(store)));
  else {
    const found = await read(store);
    if (json) printJson(found);
    else if (found.length === 0) process.stderr.write("no agents: start one with reprise agent\n");
    else printLines(rows(found));
  }
  return exitCodes.completed;
}

/** What it runs, and whether its process is there. */
type Found = Agent & { lives: boolean; running: string[] };

async function read(store: Store): Promise<Found[]> {
  const [known, running, { isDead }] = await Promise.all([
    store.queue.agents(),
    runningBy(store),
    import("../../runtime/agent/lease.ts"),
  ]);
  const now = Date.now();
  return known.map((agent) => ({ ...agent, lives: !isDead(agent, now), running: running.get(agent.id) ?? [] }));
}

function rows(agents: readonly Found[]): string[] {
  const { width, style } = screenOf(process.stdout);
  const [head, ...body] = table(
    agents,
    [
      { title: "agent", cell: ({ id }) => id },
      { title: "queues", cell: (agent) => queuesOf(agent), least: 12 },
      { title: "slots", cell: ({ slots }) => String(slots), align: "right" },
      { title: "process", cell: ({ host, pid }) => `${host}:${pid}`, least: 12, style: style.dim },
      {
        title: "runs",
        cell: ({ lives, running }) => (lives ? running.join(", ") : "dead"),
        least: 12,
        style: (cell, { lives }) => (lives ? cell : style.red(cell)),
      },
    ],
    width,
  );
  return [style.dim(head!), ...body];
}

/** Those of a run alone say so; a script that runs by hand serves none. */
const queuesOf = ({ queues, run }: Agent): string =>
  queues.length === 0 ? "none: runs by hand" : `${queues.join(", ")}${run === undefined ? "" : ` (of ${run})`}`;

async function runningBy({ tasks }: Store): Promise<Map<string, string[]>> {
  const running = await tasks.list({ status: "running", templates: true });
  const attempts = await Promise.all(
    running.map(async ({ id }) => ({ id, agent: (await tasks.attempts(id)).at(-1)?.agent })),
  );
  const byAgent = new Map<string, string[]>();
  for (const { id, agent } of attempts)
    if (agent !== undefined) byAgent.set(agent, [...(byAgent.get(agent) ?? []), id]);
  return byAgent;
}
