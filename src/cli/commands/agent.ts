import { availableParallelism } from "node:os";
import { Command, Option } from "commander";
import type { Resources } from "../../model/resources.ts";
import { exitCodes, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { storeFolder } from "../folder.ts";
import { onInterrupt } from "../interrupt.ts";
import { printLines } from "../output.ts";
import { resourcesOption } from "../resources.ts";
import { whole } from "../whole.ts";

export const agent = (): Command =>
  new Command("agent")
    .description("serve queues until it is told to stop: claim tasks, run them, take over what dead agents left")
    .option("--queue <names>", "queues with commas between them, in order of priority", "default,services")
    .option(
      "--slots <n>",
      "so many steps at once (default: one for each core); what mostly waits takes none",
      whole("--slots"),
    )
    .option("--fair", "one task of each queue in turn, instead of all of the first queue before the second")
    .addOption(
      new Option("--isolation <mode>", "where steps run: each in a process, or inline in this one")
        .choices(["process", "inline"])
        .default("process"),
    )
    .addOption(resourcesOption())
    .addHelpText(
      "after",
      "\nCtrl-C lets what runs finish, and then ends; Ctrl-C again ends it at once: what ran is queued again.\n\nExamples:\n  reprise agent\n  reprise agent --queue gpu,default --slots 2",
    )
    .action(exiting(serve));

const longestTimerMs = 2 ** 31 - 1;

type Flags = { queue: string; slots?: number; fair?: boolean; isolation: "process" | "inline"; resources?: Resources };

async function serve(
  { queue, slots = availableParallelism(), fair = false, isolation, resources }: Flags,
  command: Command,
): Promise<number> {
  const queues = queue.split(",").map((name) => name.trim());
  if (queues.some((name) => name === ""))
    throw new UsageError(`--queue ${queue} has a queue without a name`, "Write --queue a,b.");
  const { open } = await import("../../open.ts");
  const reprise = await open({
    store: storeFolder(command),
    agents: [{ queues, slots, fair, isolation, ...(resources && { resources }) }],
  });
  const { promise: asked, resolve: stop } = Promise.withResolvers<void>();
  using _ = onInterrupt({ abort: stop, kill: () => reprise.kill() });
  printLines([`serving ${queues.join(", ")} with ${slots === 1 ? "1 slot" : `${slots} slots`} (Ctrl-C to stop)`]);
  // Nothing else keeps a process in which nothing runs.
  const alive = setInterval(() => {}, longestTimerMs);
  try {
    await Promise.race([asked, reprise.broken]);
  } finally {
    clearInterval(alive);
  }
  process.stderr.write("finishing what runs… (again to end it at once)\n");
  await reprise.close({ drain: true });
  return exitCodes.completed;
}
