import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command, Option } from "commander";
import { isValid } from "../../model/token.ts";
import type { Reprise } from "../../open.ts";
import { type LogLevel, logLevels } from "../../runtime/hub/log-level.ts";
import type { Store } from "../../runtime/ports.ts";
import { placeOf } from "../../tasks/place.ts";
import { exitCodes, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { storeName } from "../folder.ts";
import { onInterrupt } from "../interrupt.ts";
import { printJson, printLines } from "../output.ts";
import { openPage } from "../page.ts";
import { version } from "../version.ts";
import { whole } from "../whole.ts";

const defaultPort = 4737;

export const hub = (): Command =>
  new Command("hub")
    .description("serve a store over HTTP, to people, agents and programs elsewhere")
    .option("--port <n>", "where it listens; 0: on any port that is free", port, defaultPort)
    .option("--host <address>", "the address on which it listens; any but loopback wants tokens", "127.0.0.1")
    .option("--name <names...>", "names, beside its own and localhost, by which it may be called")
    .option("--queue <names>", "queues, with commas between them, that it serves itself; default: none, agents do")
    .option("--slots <n>", "with --queue: so many steps at once", whole("--slots"))
    .addOption(
      new Option("--durability <mode>", "what survives: `normal` a crash of the process, `full` also a loss of power")
        .choices(["normal", "full"])
        .default("normal"),
    )
    .addOption(new Option("--log-level <level>", "what it says on stderr").choices(logLevels).default("info"))
    .option("--open", "show its page in a browser")
    .option("--json", "say where it is as JSON, { address, store }, on one line")
    .addHelpText(
      "after",
      "\nWhoever uses it says so with REPRISE_STORE=http://HOST:PORT, and REPRISE_TOKEN where it wants a token.\n\n" +
        "Examples:\n  reprise hub\n  reprise hub --queue services\n  reprise token create --role admin --name me && reprise hub --host 0.0.0.0",
    )
    .action(exiting(serve));

type Flags = {
  port: number;
  host: string;
  name?: string[];
  queue?: string;
  slots?: number;
  durability: "normal" | "full";
  logLevel: LogLevel;
  open?: boolean;
  json?: boolean;
};

async function serve(flags: Flags, command: Command): Promise<number> {
  const { port, host, name: names = [], logLevel, json } = flags;
  const place = placeOf(storeName(command));
  if (place.kind === "hub")
    throw new UsageError(`the store ${place.name} is a hub already`, "Say with --store which folder this one serves.");
  const [{ createHub }, { pageIn }, { listen }, { hubLog }, { rescue }] = await Promise.all([
    import("../../runtime/hub/server.ts"),
    import("../../runtime/hub/page.ts"),
    import("../../runtime/hub/listen.ts"),
    import("../../runtime/hub/log.ts"),
    import("../../runtime/agent/lease.ts"),
  ]);
  await using reprise = await opened(place.folder, flags);
  const { store } = reprise;
  const isLocal = isLoopback(host);
  if (!isLocal) await checkTokens(store, host);
  const log = hubLog(logLevel);
  const page = existsSync(pageFolder) ? pageIn(pageFolder) : undefined;
  const hub = createHub({
    ...{ store, log, version: version(), names: [hostname(), host, ...names], isLocal },
    ...(page && { page }),
  });
  await greetAgents(store);
  const listening = await listen(hub, { host, port });
  const { promise: asked, resolve: stop } = Promise.withResolvers<void>();
  using _ = onInterrupt({ abort: stop, kill: () => reprise.kill() });
  // Of agents whose lease has run out, also when no other agent is there to find out.
  const care = setInterval(() => rescue(store).catch((error) => log.error(error, "rescue")), careMs);
  if (json) printJson({ address: listening.address, store: place.name });
  else printLines([`hub of ${storeName(command)} at ${listening.address} (Ctrl-C to stop)`]);
  if (flags.open) await openPage(listening.address.replace("//0.0.0.0:", "//127.0.0.1:"));
  if (!page) log.warn("the page was not built, and is not served: npm run build:web builds it");
  log.info({ address: listening.address, store: place.name }, "the hub is up");
  await Promise.race([asked, reprise.broken]);
  clearInterval(care);
  await listening.close();
  await reprise.close({ drain: true });
  log.info("the hub has ended");
  return exitCodes.completed;
}

/** Beside what Node runs, in the package and in a checkout. */
const pageFolder = join(fileURLToPath(import.meta.resolve("reprise/package.json")), "..", "dist", "web");

const careMs = 5_000;
/** So long an agent has to come back to a hub that has just begun. */
const leaseMs = 30_000;

async function opened(store: string, { queue, slots, durability }: Flags): Promise<Reprise> {
  const queues = queue?.split(",").map((name) => name.trim());
  if (queues?.some((name) => name === ""))
    throw new UsageError(`--queue ${queue} has a queue without a name`, "Write --queue a,b.");
  const { open } = await import("../../open.ts");
  return open({ store, durability, agents: queues ? [{ queues, ...(slots && { slots }) }] : [] });
}

/** While no hub was there, leases could not be renewed: nobody on another machine is taken for dead because of that. */
async function greetAgents({ queue }: Store): Promise<void> {
  const leaseUntil = Date.now() + leaseMs;
  for (const agent of await queue.agents())
    if (agent.host !== hostname() && agent.leaseUntil < leaseUntil) await queue.renew(agent.id, leaseUntil);
}

async function checkTokens({ tokens }: Store, host: string): Promise<void> {
  if ((await tokens.list()).some((token) => isValid(token, Date.now()))) return;
  throw new UsageError(
    `on ${host} others can reach the hub, and there is no token yet by which it would know them`,
    "Make one first: reprise token create --role admin --name me",
  );
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);

function port(text: string): number {
  const n = Number(text);
  if (!Number.isInteger(n) || n < 0 || n > 65_535)
    throw new UsageError(`--port ${text}: give a number from 0 to 65535`);
  return n;
}
