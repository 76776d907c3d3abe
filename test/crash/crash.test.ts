/** A run is killed, whole process group, at many points, and resumed: the same result, and no completed step is executed again. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../src/compiler/compile.ts";
import type { Event } from "../../src/model/event.ts";
import { openStore } from "../../src/runtime/store/open.ts";

type Begun = { task: string; attempt: number };

const folder = mkdtempSync(join(tmpdir(), "reprise-crash-"));
const json = join(folder, "crash.json");
const main = join(import.meta.dirname, "../../src/cli/main.ts");
const result = {
  n: 4,
  path: ["odd", "steady", "odd", "steady", "TypeError"],
  squares: [1, 16, 81, 16, 25],
  sum: 83,
};
/** Tasks that a run makes. */
const tasks = 4 + 2 + 8 + 1 + 2;

beforeAll(async () => {
  const { writeFileSync } = await import("node:fs");
  writeFileSync(json, (await compile(join(import.meta.dirname, "pipeline.ts"))).text);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Hears of every step that begins, in any process, and lets it go on unless it is the one to be killed at. */
class Watcher {
  readonly begun: Begun[] = [];
  readonly path: string;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  onBegun: (count: number) => "go" | "hold" = () => "go";

  constructor(path: string) {
    this.path = path;
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      const lines = createInterface({ input: socket });
      // A killed process resets its connection.
      lines.on("error", () => {});
      lines.on("line", (line) => {
        this.begun.push(JSON.parse(line) as Begun);
        if (this.onBegun(this.begun.length) === "go") socket.write("go\n");
      });
    }).listen(path);
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }
}

function reprise(...args: string[]): ChildProcess {
  return spawn(process.execPath, ["--conditions=reprise-source", main, ...args, "--json"], {
    cwd: folder,
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
}

async function outcome(child: ChildProcess): Promise<unknown> {
  const chunks: Buffer[] = [];
  child.stdout?.on("data", (chunk) => chunks.push(chunk));
  await new Promise((resolve) => child.once("close", resolve));
  return JSON.parse(Buffer.concat(chunks).toString());
}

const exited = (child: ChildProcess) => new Promise((resolve) => child.once("exit", resolve));
const killGroup = (child: ChildProcess) => process.kill(-(child.pid as number), "SIGKILL");

/** Runs to the k-th beginning of a step, kills there, and resumes to the end. */
async function killedAt(k: number, how: "while the step runs" | "as the step ends"): Promise<void> {
  const store = join(folder, `${k}-${how.length}`);
  const watcher = new Watcher(join(folder, `${k}-${how.length}.sock`));
  try {
    const first = reprise(
      "run",
      json,
      "--id",
      "r",
      "--store",
      store,
      "--slots",
      "2",
      "--param",
      `watcher="${watcher.path}"`,
    );
    const died = exited(first);
    watcher.onBegun = (count) => {
      if (count < k) return "go";
      if (how === "while the step runs") killGroup(first);
      else setImmediate(() => killGroup(first));
      watcher.onBegun = () => "go";
      return how === "while the step runs" ? "hold" : "go";
    };
    await died;
    const completedBefore = new Set(
      (await events(store)).flatMap((event) => (event.kind === "completed" ? event.task : [])),
    );
    const begunBefore = watcher.begun.length;

    expect(await outcome(reprise("resume", "r", "--store", store))).toMatchObject({ status: "completed", result });
    const again = watcher.begun.slice(begunBefore).filter(({ task }) => completedBefore.has(task));
    expect(again, "steps that had completed were executed again").toEqual([]);

    const ends = (await events(store)).flatMap((event) =>
      event.kind === "completed" || event.kind === "failed" ? event.task : [],
    );
    expect(ends.length).toBe(new Set(ends).size);
    expect(ends.length).toBe(tasks + 1);
  } finally {
    watcher.close();
  }
}

async function events(folder: string): Promise<Event[]> {
  await using store = await openStore(folder);
  return await store.events.read("r", 0);
}

describe("a run whose process group is killed", () => {
  const points = Array.from({ length: 13 }, (_, i) => i + 1);
  it.each(points)("while step %i of it runs is resumed to the same result", { timeout: 60_000 }, (k) =>
    killedAt(k, "while the step runs"),
  );
  it.each(points.map((k) => k + 6))("as step %i of it ends is resumed to the same result", { timeout: 60_000 }, (k) =>
    killedAt(k, "as the step ends"),
  );
});
