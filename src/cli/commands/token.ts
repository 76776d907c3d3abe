import { Command, Option } from "commander";
import { durationMs, formatDuration } from "../../model/duration.ts";
import { isValid, newToken, type Role, roles, type Token } from "../../model/token.ts";
import { openPlace, placeOf } from "../../tasks/place.ts";
import { exitCodes, UsageError } from "../errors.ts";
import { exiting } from "../exit.ts";
import { existingStore, storeName } from "../folder.ts";
import { printJson, printLines, screenOf } from "../output.ts";
import { table } from "../view/table.ts";

export const token = (): Command =>
  new Command("token")
    .description("tokens, by which a hub knows who asks: made, listed, revoked")
    .addHelpText(
      "after",
      "\nRoles, each of which may do what those before it may:\n" +
        "  reader  looks at everything\n  agent   claims and runs tasks, and whatever the code of tasks does\n" +
        "  author  resets, deletes, publishes, orders queues\n  admin   makes tokens, looks after the store",
    )
    .addCommand(create())
    .addCommand(list())
    .addCommand(revoke());

function create(): Command {
  return new Command("create")
    .description("make a token, and print its secret: it is shown this once")
    .addOption(new Option("--role <role>", "what it lets do").choices(roles).default("author"))
    .requiredOption("--name <name>", "whose it is, or what it is for")
    .option("--expires <duration>", "after so long: 12h, 30d; default: never")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExample:\n  reprise token create --role agent --name gpu-1 --expires 90d")
    .action(exiting(createToken));
}

type Flags = { role: Role; name: string; expires?: string; json?: boolean };

async function createToken({ role, name, expires, json }: Flags, command: Command): Promise<number> {
  const now = Date.now();
  const expiresAt = expires === undefined ? undefined : now + lengthOf(expires);
  const { secret, token } = newToken({ name, role, ...(expiresAt !== undefined && { expiresAt }) }, now);
  await using store = await openPlace(placeOf(storeName(command)));
  await store.tokens.keep(token);
  const { hash: _, ...shown } = token;
  if (json) printJson({ ...shown, secret });
  else {
    process.stderr.write(
      `token ${token.id} (${name}, ${role}): set REPRISE_TOKEN to its secret, which is not shown again\n`,
    );
    printLines([secret]);
  }
  return exitCodes.completed;
}

function lengthOf(duration: string): number {
  try {
    return durationMs(duration);
  } catch (error) {
    throw new UsageError(`--expires: ${(error as Error).message}`);
  }
}

function list(): Command {
  return new Command("list")
    .description("list tokens; never their secrets")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExample:\n  reprise token list")
    .action(exiting(listTokens));
}

async function listTokens({ json }: { json?: boolean }, command: Command): Promise<number> {
  await using store = await existingStore(command);
  const now = Date.now();
  const rows = (await store.tokens.list()).map(({ hash: _, ...token }) => ({ ...token, state: stateOf(token, now) }));
  const { width, style } = screenOf(process.stdout);
  if (json) printJson(rows);
  else if (rows.length === 0) process.stderr.write("no tokens: make one with reprise token create\n");
  else {
    const [head, ...body] = table<(typeof rows)[number]>(
      rows,
      [
        { title: "token", cell: ({ id }) => id },
        { title: "name", cell: ({ name }) => name, least: 8 },
        { title: "role", cell: ({ role }) => role },
        { title: "made", cell: ({ createdAt }) => `${formatDuration(now - createdAt)} ago`, style: style.dim },
        { title: "state", cell: ({ state }) => state },
      ],
      width,
    );
    printLines([style.dim(head!), ...body]);
  }
  return exitCodes.completed;
}

function stateOf(token: Omit<Token, "hash">, now: number): string {
  if (token.revokedAt !== undefined) return "revoked";
  if (!isValid(token, now)) return "expired";
  return token.expiresAt === undefined ? "valid" : `valid for ${formatDuration(token.expiresAt - now)}`;
}

function revoke(): Command {
  return new Command("revoke")
    .description("let nobody in any more with a token")
    .argument("<token>", "its id, as list shows it")
    .option("--json", "as JSON")
    .addHelpText("after", "\nExample:\n  reprise token revoke 3f9c1a77")
    .action(exiting(revokeToken));
}

async function revokeToken(id: string, { json }: { json?: boolean }, command: Command): Promise<number> {
  await using store = await existingStore(command);
  await store.tokens.revoke(id);
  if (json) printJson({ id, revoked: true });
  else printLines([`${id} is revoked`]);
  return exitCodes.completed;
}
