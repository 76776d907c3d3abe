/** A run is killed, whole process group, at many points, and resumed: the same result, and no completed step is executed again. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
const main = join(import.meta.dirname, "../../src/cli/main.ts");
/** `ends`: of tasks, the run's own among them, that complete or fail. */
type Program = { name: string; result: object; ends: number };

const plain: Program = {
  name: "pipeline",
  result: {
    n: 4,
    path: ["odd", "steady", "odd", "steady", "TypeError"],
    squares: [1, 16, 81, 16, 25],
    sum: 83,
  },
  ends: 4 + 2 + 8 + 1 + 2 + 1,
};
/** Of the pipeline that fails beside the one that it calls, how much is done by then is chance. */
const nested: Program = {
  name: "nested",
  result: { n: 4, both: [5, 8], caught: "TypeError" },
  ends: 2 * 3 + 2 * 3 + (2 + 1) + (3 + 1) + 1 + 1 + 1,
};

const jsonOf = ({ name }: Program) => join(folder, `${name}.json`);

beforeAll(async () => {
  for (const program of [plain, nested])
    writeFileSync(jsonOf(program), (await compile(join(import.meta.dirname, `${program.name}.ts`))).text);
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
async function killedAt(k: number, how: "while the step runs" | "as the step ends", program = plain): Promise<void> {
  const store = join(folder, `${program.name}-${k}-${how.length}`);
  const watcher = new Watcher(`${store}.sock`);
  try {
    const first = reprise(
      "run",
      jsonOf(program),
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

    const { result } = program;
    expect(await outcome(reprise("resume", "r", "--store", store))).toMatchObject({ status: "completed", result });
    const again = watcher.begun.slice(begunBefore).filter(({ task }) => completedBefore.has(task));
    expect(again, "steps that had completed were executed again").toEqual([]);

    const ends = (await events(store)).flatMap((event) =>
      event.kind === "completed" || event.kind === "failed" ? event.task : [],
    );
    expect(ends.length).toBe(new Set(ends).size);
    const failing = ends.filter((task) => task.startsWith("r/failing/twice"));
    expect(ends.length - failing.length).toBe(program.ends);
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

  it.each([3, 7, 11, 14])(
    "while step %i of a run of runs runs is resumed to the same result",
    { timeout: 60_000 },
    (k) => killedAt(k, "while the step runs", nested),
  );
  it.each([2, 5, 9, 12, 15])(
    "as step %i of a run of runs ends is resumed to the same result",
    { timeout: 60_000 },
    (k) => killedAt(k, "as the step ends", nested),
  );
});
