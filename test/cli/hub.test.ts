/** `reprise hub` and `reprise token`, and the other commands on a hub's address. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import { decode } from "../../src/model/value.ts";
import { openHub } from "../../src/runtime/hub/client/open.ts";
import { freePort, kill, said, startAgent, startHub } from "../runtime/hub/campaign/processes.ts";
import { followUntil } from "../runtime/store/suite/fixtures.ts";
import { projectFolder, start } from "./command-line.ts";
import { said as told } from "./in-process.ts";

const pipeline = `
import { pipeline, step } from "reprise";
export const double = step(async ({ n }: { n: number }) => n * 2);
export default pipeline("twice", async ({ n = 3 }: { n?: number }) => await double({ n: await double({ n }) }));
`;
const script = `
import { Task } from "reprise";
const ends = process.env.ENDS;
const task = await Task.init({ name: ends });
console.log("it ends " + ends);
Task.current().scalar("loss", "train", 0.5, 1);
if (ends === "with an error") throw new RangeError("too few rows");
if (ends === "early") process.exit(3);
task.returns({ ends });
`;
const finder = `
import { Task } from "reprise";
const task = await Task.init({ name: "finder" });
const found = await Task.query({ name: "template" });
task.returns({ found: found.map(({ id }) => id) });
`;
const folder = projectFolder({ "pipeline.ts": pipeline, "script.ts": script, "finder.ts": finder });
const file = join(folder, "pipeline.ts");
const before = process.cwd();
beforeAll(() => process.chdir(folder));
afterAll(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true, force: true });
});

const on = (store: string, token?: string) => ({
  cwd: folder,
  env: { REPRISE_STORE: store, XDG_CACHE_HOME: folder, ...(token && { REPRISE_TOKEN: token }) },
});

/** The command line here, with that environment: who serves is another process anyway. */
async function reprise(args: string[], { env }: ReturnType<typeof on>): Promise<Awaited<ReturnType<typeof told>>> {
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  try {
    return await told(...args);
  } finally {
    vi.unstubAllEnvs();
  }
}

async function hubIn(store: string, ...more: string[]): Promise<string> {
  const port = await freePort();
  const hub = await startHub(folder, store, port, ...more);
  onTestFinished(() => kill(hub));
  return `http://127.0.0.1:${port}`;
}

describe("reprise hub", () => {
  test("serves a store: runs are started, run by an agent, followed, listed and told as on a folder", async () => {
    const address = await hubIn("served");
    const agent = await startAgent(folder, address);
    onTestFinished(() => kill(agent));
    const ran = await reprise(["run", file, "--id", "r", "--queue", "services", "--json"], on(address));
    expect(JSON.parse(ran.stdout)).toEqual({ run: "r", status: "completed", result: 12, error: null });
    const detached = await reprise(["run", file, "--id", "d", "--queue", "services", "--detach"], on(address));
    expect(detached).toMatchObject({ code: 0, stdout: `d (twice) waits for an agent\n${address}/runs/d\n` });
    const joined = await reprise(["run", file, "--id", "d", "--queue", "services", "--json"], on(address));
    expect(JSON.parse(joined.stdout)).toMatchObject({ run: "d", status: "completed" });
    const tasks = async (store: string) =>
      JSON.parse((await reprise(["tasks", "--run", "r", "--json"], on(store))).stdout);
    const here = await tasks("served");
    expect(here).toHaveLength(3);
    expect(await tasks(address)).toEqual(here);
    const doctor = await reprise(["doctor"], on(address));
    expect(doctor).toMatchObject({ code: 0, stdout: expect.stringContaining("2 of 2 known agents are alive") });
  });

  test("runs a pipeline itself where it is told to, and ends in order when it is asked to", async () => {
    const port = await freePort();
    const hub = await startHub(folder, "own", port, "--queue", "services,default");
    const address = `http://127.0.0.1:${port}`;
    const ran = await reprise(["run", file, "--queue", "services", "--json"], on(address));
    expect(JSON.parse(ran.stdout)).toMatchObject({ status: "completed", result: 12 });
    process.kill(hub.child.pid!, "SIGTERM");
    expect(await hub.ended).toMatchObject({ code: 0 });
  });

  test("hears of scripts that run by hand, however they end", async () => {
    const address = await hubIn("by-hand");
    const client = await openHub({ address, folder: join(folder, "client") });
    onTestFinished(() => client.close());
    const { PATH } = process.env;
    const hears = async (ends: string, status: string, failure?: string) => {
      const env = { ...on(address).env, PATH, ENDS: ends };
      const child = spawn(process.execPath, ["--conditions=reprise-source", "script.ts"], { cwd: folder, env });
      await once(child, "exit");
      const [task] = await client.tasks.list({ name: ends });
      expect(task).toMatchObject({ status });
      expect(task!.failure && `${task!.failure.name}: ${task!.failure.message}`).toBe(failure);
      expect((await client.logs.read(task!.id)).map(({ text }) => text)).toContain(`it ends ${ends}`);
      expect(await client.metrics.summaries(task!.id)).toMatchObject([{ title: "loss", last: 0.5 }]);
    };
    await Promise.all([
      hears("well", "completed"),
      hears("with an error", "failed", "RangeError: too few rows"),
      hears("early", "failed", "ExitError: the script ended with exit code 3"),
    ]);
  });

  test("runs scripts on agents elsewhere, which find tasks there too", async () => {
    const address = await hubIn("scripts");
    const agent = await startAgent(folder, address);
    onTestFinished(() => kill(agent));
    const created = await reprise(
      ["task", "create", "--script", join(folder, "finder.ts"), "--name", "template", "--json"],
      on(address),
    );
    const { id } = JSON.parse(created.stdout) as { id: string };
    await reprise(["task", "enqueue", id], on(address));
    const client = await openHub({ address, folder: join(folder, "client") });
    onTestFinished(() => client.close());
    await followUntil(client, id, 0, (events) => events.some(({ kind }) => kind === "completed" || kind === "failed"));
    const { status, output } = (await client.tasks.get(id))!;
    expect(status).toBe("completed");
    expect(output && "text" in output && decode(output.text)).toEqual({ found: [id] });
  });

  test("says which port is taken, and what to do", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close());
    const { port } = server.address() as { port: number };
    const { code, stderr } = await reprise(["hub", "--port", String(port)], on("taken"));
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: `reprise: the hub cannot listen: the port ${port} is taken by another process: end it, or take another port with --port\n`,
    });
  });

  test("does not start where others can reach it before there is a token, and says how to make one", async () => {
    const refused = await reprise(["hub", "--host", "0.0.0.0", "--port", "0"], on("open"));
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("reprise token create --role admin") });
    const made = await reprise(["token", "create", "--role", "reader", "--name", "me"], on("open"));
    expect(made.stdout).toMatch(/^reprise_[\w-]{43}\n$/);
    const hub = start(["hub", "--host", "0.0.0.0", "--port", "0"], on("open"));
    onTestFinished(() => kill(hub));
    await said(hub, /hub of open at http/);
    const address = `http://127.0.0.1:${/:(\d+) /.exec(hub.said.stdout)![1]}`;
    const stranger = await reprise(["tasks"], on(address));
    expect(stranger).toMatchObject({ code: 2, stderr: expect.stringContaining("set REPRISE_TOKEN") });
    const reader = made.stdout.trim();
    expect(await reprise(["tasks"], on(address, reader))).toMatchObject({ code: 0 });
    const forbidden = await reprise(["token", "list"], on(address, reader));
    expect(forbidden).toMatchObject({ code: 2, stderr: expect.stringContaining("the role reader") });
  });

  test("is missed in a sentence where there is none", async () => {
    const address = `http://127.0.0.1:${await freePort()}`;
    const { code, stderr } = await reprise(["tasks"], on(address));
    expect(code).toBe(2);
    expect(stderr).toContain(`the hub ${address} cannot be reached (ECONNREFUSED)`);
  });
});

describe("reprise token", () => {
  test("makes tokens that are listed without their secrets, expire, and are revoked", async () => {
    const create = (...flags: string[]) => reprise(["token", "create", "--json", ...flags], on("tokens"));
    const old = JSON.parse((await create("--name", "old", "--role", "agent", "--expires", "1ms")).stdout);
    const lost = JSON.parse((await create("--name", "lost", "--role", "admin")).stdout);
    expect(await reprise(["token", "revoke", lost.id], on("tokens"))).toMatchObject({ code: 0 });
    const { stdout } = await reprise(["token", "list", "--json"], on("tokens"));
    expect(JSON.parse(stdout)).toMatchObject([
      { id: old.id, name: "old", role: "agent", state: "expired" },
      { id: lost.id, name: "lost", role: "admin", state: "revoked" },
    ]);
    expect(stdout).not.toContain(old.secret);
    const nobody = await reprise(["token", "revoke", "nobody"], on("tokens"));
    expect(nobody).toMatchObject({ code: 2, stderr: expect.stringContaining('there is no token "nobody"') });
  });
});
