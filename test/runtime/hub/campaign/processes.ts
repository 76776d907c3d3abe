/** Hubs and agents in processes of their own, started as people start them. */
import { once } from "node:events";
import { createServer } from "node:net";
import { type Running, start } from "../../../cli/command-line.ts";

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** Resolves when it answers. */
export async function startHub(folder: string, store: string, port: number, ...more: string[]): Promise<Running> {
  const hub = start(["--store", store, "hub", "--port", String(port), "--log-level", "warn", ...more], { cwd: folder });
  await said(hub, /hub of .* at http/);
  return hub;
}

/** Resolves when it serves. */
export const startAgent = (folder: string, address: string, ...more: string[]): Promise<Running> =>
  startAgentWith({}, folder, address, ...more);

export async function startAgentWith(
  env: NodeJS.ProcessEnv,
  folder: string,
  address: string,
  ...more: string[]
): Promise<Running> {
  const agent = start(["agent", ...more], {
    cwd: folder,
    env: { ...env, XDG_CACHE_HOME: folder, REPRISE_STORE: address },
  });
  await said(agent, /serving/);
  return agent;
}

export async function said({ child, said, ended }: Running, what: RegExp): Promise<void> {
  while (!what.test(said.stdout)) {
    const over = await Promise.race([once(child.stdout!, "data").then(() => undefined), ended]);
    if (over) throw new Error(`it ended with ${over.code ?? over.signal}: ${over.stdout}${over.stderr}`);
  }
}

/** The process and all that it has started. */
export async function kill({ child, ended }: Running): Promise<void> {
  try {
    process.kill(-child.pid!, "SIGKILL");
  } catch {
    // It is gone already.
  }
  await ended;
}
