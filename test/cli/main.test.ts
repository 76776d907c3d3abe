import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openStore } from "../../src/runtime/store/open.ts";
import { emptyFolder, projectFolder, reprise, start } from "./command-line.ts";

const pipeline = `import { pipeline, step, Task } from "reprise";
declare const process: { env: Record<string, string>; getBuiltinModule(name: "fs"): { appendFileSync(file: string, text: string): void } };
declare const setTimeout: (then: () => void, ms: number) => unknown;
declare const console: { log(text: string): void };

/** Ignores that it is aborted. */
export const stubborn = step(async () => {
  if (process.env.DIARY) process.getBuiltinModule("fs").appendFileSync(process.env.DIARY, "stubborn\\n");
  await new Promise<void>((resolve) => setTimeout(resolve, 60_000));
});

/** Says where the test can see it that it has begun, and waits as long as it is told to. */
export const work = step(async ({ n, ms = 0 }: { n: number; ms?: number }) => {
  if (process.env.DIARY) process.getBuiltinModule("fs").appendFileSync(process.env.DIARY, \`work \${n}\\n\`);
  console.log(\`working on \${n}\`);
  Task.current().scalar("score", "value", n / 10, n);
  const { signal } = Task.current();
  await new Promise<void>((resolve, reject) => {
    setTimeout(resolve, ms);
    signal.addEventListener("abort", reject);
  });
  return n * 2;
});

export const keep = step(async ({ total }: { total: number }) => {
  await Task.current().artifact("total.json", { total });
});

export const fail = step.retry(1)(async () => {
  console.log("about to fail");
  throw new RangeError("nothing can be done");
});

export default pipeline("doubles", async ({ times = 2, ms = 0, bad = false, hard = false }: { times?: number; ms?: number; bad?: boolean; hard?: boolean }) => {
  let total = 0;
  for (let n = 1; n <= times; n++) {
    total += await work({ n, ms });
  }
  if (bad) await fail();
  if (hard) await stubborn();
  await keep({ total });
  return { total };
});
`;

let folder: string;
let json: string;
const made: string[] = [];
const empty = () => made[made.push(emptyFolder()) - 1]!;

beforeAll(async () => {
  folder = projectFolder({ "pipeline.ts": pipeline });
  made.push(folder);
  json = join(folder, "pipeline.json");
  const { code, stderr, stdout } = await reprise(["compile", "pipeline.ts", "-o", "pipeline.json"], { cwd: folder });
  expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: "" });
  expect(stderr).toMatch(/^pipeline\.json: "doubles", 4 steps, \d+ nodes, [\d.]+ KB, \d+ ms\n$/);
});

afterAll(() => {
  for (const one of made) rmSync(one, { recursive: true, force: true });
});

/** What was waited for is there, or the process that should bring it has ended. */
async function until(holds: () => boolean, ended: Promise<unknown>): Promise<void> {
  let over = false;
  const mark = () => {
    over = true;
  };
  ended.then(mark, mark);
  while (!holds()) {
    if (over) throw new Error("the process ended before it came to pass");
    await pause(5);
  }
}

const linesOf = (file: string): string[] => (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : []);

describe("run", () => {
  test("TypeScript: plain lines, the result, where it is kept, what to try next", async () => {
    const { code, stdout, stderr } = await reprise(["run", "pipeline.ts"], { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const said = stdout
      .replace(/\d+(\.\d)? m?s\b/g, "T")
      .replace(/run \w{8,}/g, "run R")
      .replace(/(logs|metrics|artifacts|graph) \w{8,}/g, "$1 R");
    expect(`\n${said}`).toMatchInlineSnapshot(`
      "
      ● loop1: n 1 <= times 2 → iteration 1
      ✓ loop1[1]/total (work) T  score/value 0.1
      ● loop1: n 2 <= times 2 → again (iteration 2)
      ✓ loop1[2]/total (work) T  score/value 0.2
      ● loop1: n 3 <= times 2 is false → done (after 2 iterations)
      ◇ if1: bad is false → skipped
      ◇ if2: hard is false → skipped
      ✓ keep T

      ✓ doubles completed in T

      { total: 6 }

      Kept in .reprise as run R: 4 tasks
      Artifacts: total.json (15 B)

      Next:
        what the steps measured:
          reprise task metrics R
        what a step made:
          reprise task artifacts R --get total.json
        the graph, as a Mermaid picture:
          reprise graph R
        again, with another times:
          reprise run R.ts --param times=…
      "
    `);
  });

  test("JSON, alone in an empty folder: one object, and nothing of the compiler is loaded", async () => {
    const cwd = empty();
    const loaded = join(cwd, "loaded.txt");
    writeFileSync(
      join(cwd, "hook.mjs"),
      `import { appendFileSync } from "node:fs"; import { registerHooks } from "node:module";
       registerHooks({ load(url, context, next) { appendFileSync(${JSON.stringify(loaded)}, url + "\\n"); return next(url, context); } });`,
    );
    const env = { NODE_OPTIONS: `--import=${join(cwd, "hook.mjs")}` };
    const { code, stdout, stderr } = await reprise(["run", json, "--json", "--param", "times=3"], { cwd, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({
      run: expect.any(String),
      status: "completed",
      result: { total: 12 },
      error: null,
    });
    const modules = linesOf(loaded);
    expect(modules.some((url) => url.endsWith("src/open.ts"))).toBe(true);
    expect(modules.filter((url) => /ts-morph|typescript|esbuild|src\/compiler\/(?!frame)/.test(url))).toEqual([]);
  });

  test("a failure: the error, the step and its attempt, the author's line, the last of its log, what to do next", async () => {
    const { code, stderr } = await reprise(["run", json, "--param", "bad=true", "--id", "bad"], { cwd: folder });
    expect(code).toBe(1);
    expect(`\n${stderr.replace(/after \S+ m?s/, "after T")}`).toMatchInlineSnapshot(`
      "

      ✗ doubles failed after T

      RangeError: nothing can be done
        in step fail, attempt 2
        at pipeline.ts:31:9

        29 | export const fail = step.retry(1)(async () => {
        30 |   console.log("about to fail");
      > 31 |   throw new RangeError("nothing can be done");
           |         ^
        32 | });

      The last lines of its log:
        about to fail

      Kept in .reprise as run bad: 4 tasks

      Next:
        reprise task logs bad/fail   what the failed step printed
        reprise task show bad/fail   its input, its attempts, its error
      "
    `);
  });

  test("a failure as JSON names the step", async () => {
    const { code, stdout } = await reprise(["run", json, "--json", "--params", '{"bad":true}'], { cwd: empty() });
    expect(code).toBe(1);
    const error = { name: "RangeError", message: "nothing can be done", step: "fail" };
    expect(JSON.parse(stdout)).toEqual({ run: expect.any(String), status: "failed", result: null, error });
  });

  test("wrong params name the field, and nothing is enqueued", async () => {
    const cwd = empty();
    const { code, stdout, stderr } = await reprise(["run", json, "--param", "times=many", "--json"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^reprise: .*times.*\n/);
    expect(JSON.parse(stdout)).toMatchObject({ run: null, status: null, result: null, error: { name: "ParamsError" } });
    expect((await reprise(["tasks"], { cwd })).stderr).toMatch(/^(no tasks|reprise: there is no store)/);
  });

  test("a run with a name is joined by a second one, which executes nothing again", async () => {
    const cwd = empty();
    const env = { DIARY: join(cwd, "diary") };
    const first = await reprise(["run", json, "--id", "mine", "--json"], { cwd, env });
    const second = await reprise(["run", json, "--id", "mine", "--json"], { cwd, env });
    expect(second.stdout).toBe(first.stdout);
    expect(JSON.parse(first.stdout)).toMatchObject({ run: "mine", result: { total: 6 } });
    expect(linesOf(env.DIARY)).toEqual(["work 1", "work 2"]);
    const other = await reprise(["run", json, "--id", "mine", "--param", "times=5"], { cwd, env });
    expect({ code: other.code, stderr: other.stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^reprise: .*mine/),
    });
  });

  test("a reader that goes away is no error, and the run goes on to its end", async () => {
    const cwd = empty();
    const { child, ended } = start(["run", json, "--id", "piped", "--param", "times=3"], { cwd });
    child.stdout?.destroy();
    expect(await ended).toMatchObject({ code: 0, stderr: "" });
    expect((await reprise(["tasks", "--type", "controller"], { cwd })).stdout).toMatch(/✓ completed {2}piped/);
  });
});

describe("an interrupted run", () => {
  test.each(["SIGINT", "SIGTERM"] as const)("%s aborts it cleanly", async (signal) => {
    const cwd = empty();
    const env = { DIARY: join(cwd, "diary") };
    const { child, ended } = start(["run", json, "--id", "long", "--param", "ms=60000"], { cwd, env });
    await until(() => linesOf(env.DIARY).length === 1, ended);
    child.kill(signal);
    const { code, stdout, stderr } = await ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: expect.stringContaining("aborting… (again to kill)") });
    expect(stderr).toMatch(/■ doubles aborted after .*: interrupted/);
    const tasks = JSON.parse((await reprise(["tasks", "--json"], { cwd })).stdout) as { id: string; status: string }[];
    expect(tasks.map(({ id, status }) => `${id} ${status}`).sort()).toEqual([
      "long aborted",
      "long/loop1[1]/await aborted".replace("await", tasks[0]!.id.split("/").at(-1)!),
    ]);
    expect(() => process.kill(-child.pid!, 0)).toThrow("ESRCH");
  });

  test("a second signal ends everything at once", async () => {
    const cwd = empty();
    const env = { DIARY: join(cwd, "diary") };
    const { child, said, ended } = start(["run", json, "--param", "times=0", "--param", "hard=true"], { cwd, env });
    await until(() => linesOf(env.DIARY).length === 1, ended);
    child.kill("SIGINT");
    // It says so half a second later: what comes much sooner is taken for the same Ctrl-C, passed on by a terminal and by npm.
    await until(() => said.stderr.includes("(Ctrl-C kills them)"), ended);
    child.kill("SIGINT");
    expect((await ended).code).toBe(130);
    // Its agents had no time to take leave, as they do when the last steps have ended.
    await using store = await openStore(join(cwd, ".reprise"));
    expect(await store.queue.agents()).not.toEqual([]);
  });

  test("killed in the middle, it is resumed at once, and no completed step runs again", async () => {
    const cwd = empty();
    const env = { DIARY: join(cwd, "diary") };
    const run = ["run", json, "--id", "again", "--param", "times=4", "--param", "ms=100"];
    const { child, ended } = start(run, { cwd, env });
    await until(() => linesOf(env.DIARY).length === 3, ended);
    process.kill(-child.pid!, "SIGKILL");
    await ended;
    appendFileSync(env.DIARY, "killed\n");
    const { code, stdout, stderr } = await reprise(["resume", "again", "--json"], { cwd, env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(JSON.parse(stdout)).toEqual({ run: "again", status: "completed", result: { total: 20 }, error: null });
    expect(linesOf(env.DIARY)).toEqual(["work 1", "work 2", "work 3", "killed", "work 3", "work 4"]);
  });
});

describe("wrong input is one clear sentence, and exit code 2", () => {
  beforeAll(async () => {
    const text = readFileSync(json, "utf8");
    writeFileSync(join(folder, "broken.json"), text.slice(0, 100));
    writeFileSync(join(folder, "future.json"), text.replace('"format": 1', '"format": 99'));
    writeFileSync(join(folder, "tampered.json"), text.replace("about to fail", "about to win!"));
    await reprise(["run", json, "--id", "bad", "--param", "bad=true"], { cwd: folder });
  });

  test.each<[string, string[], RegExp]>([
    ["an unknown command", ["rnu"], /^reprise: unknown command 'rnu'\n\(Did you mean run\?\)/],
    [
      "an unknown option",
      ["run", "x.ts", "--pipelin", "x"],
      /unknown option '--pipelin'\n\(Did you mean --pipeline\?\)/,
    ],
    ["no command", [], /^Usage: reprise/],
    [
      "a file that is not there",
      ["run", "pipelin.ts"],
      /^reprise: there is no file pipelin\.ts\nIs it pipeline\.ts\?\n$/,
    ],
    ["a file of another kind", ["compile", "package.json"], /^reprise: package\.json is neither TypeScript nor/],
    ["JSON that is no pipeline", ["run", "package.json"], /^reprise: this is no pipeline JSON: .*\n$/],
    ["text that is no JSON", ["run", "broken.json"], /^reprise: this is no pipeline JSON: it is not JSON: .*\n$/],
    [
      "a pipeline of a newer version",
      ["run", "future.json"],
      /^reprise: this pipeline has format 99, .*update Reprise.*\n$/,
    ],
    ["a bundle that was changed", ["run", "tampered.json"], /^reprise: this pipeline JSON was changed .*\n$/],
    ["another pipeline's name", ["run", "pipeline.json", "--pipeline", "triples"], /holds the pipeline "doubles"/],
    [
      "params that are no JSON",
      ["run", "pipeline.json", "--params", "{"],
      /^reprise: --params cannot be used as params/,
    ],
    [
      "slots that are no number",
      ["run", "pipeline.json", "--slots", "many"],
      /^reprise: --slots many: give a whole number/,
    ],
    [
      "a store that is an address",
      ["tasks", "--store", "postgres://x"],
      /^reprise: the store postgres:\/\/x is an address/,
    ],
    ["a store that is not there", ["tasks", "--store", "none"], /^reprise: there is no store at none\n/],
    [
      "a store where a file stands",
      ["run", "pipeline.json", "--store", "package.json/x"],
      /^reprise: .*package\.json.*\n/,
    ],
    ["a run that is not there", ["resume", "nothing"], /^reprise: there is no run "nothing" in this store\n/],
    ["a task that is not there", ["task", "show", "bad/fial"], /no task "bad\/fial" in this store\nIs it bad\/fail\?/],
    ["an artifact that is not there", ["task", "artifacts", "bad", "--get", "x"], /bad has no artifact "x"/],
    ["-o without --get", ["task", "artifacts", "bad", "-o", "x"], /-o needs --get/],
    ["a run that has ended", ["abort", "bad"], /the run bad has ended \(failed\): there is nothing to abort/],
  ])("%s", { concurrent: true }, async (_, args, sentence) => {
    const { code, stdout, stderr } = await reprise(args, { cwd: folder });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/^ {4}at /m);
  });

  test("a store of a newer Reprise is left as it is", async () => {
    const cwd = empty();
    await reprise(["run", json, "--param", "times=0"], { cwd });
    const database = new DatabaseSync(join(cwd, ".reprise/reprise.db"));
    database.exec("pragma user_version = 999");
    database.close();
    const { code, stderr } = await reprise(["run", json, "--param", "times=0"], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^reprise: the store .* was written by a newer Reprise .*Update Reprise.*\n$/);
  });

  test("a disk that is full in the middle of a run: one sentence, and with room again it is resumed", async () => {
    const cwd = empty();
    const limited = `ulimit -f 900; exec "$@"`;
    const main = join(import.meta.dirname, "../../src/cli/main.ts");
    const run = [
      process.execPath,
      "--conditions=reprise-source",
      main,
      "run",
      json,
      "--id",
      "full",
      "--param",
      "times=200",
      "--json",
    ];
    const { status, stderr } = spawnSync("sh", ["-c", limited, "sh", ...run], { cwd, encoding: "utf8" });
    expect(status).toBe(2);
    expect(stderr).toMatch(/^reprise: the store .* the disk did not take what was written\..*\n$/);
    const { code, stdout } = await reprise(["resume", "full", "--json"], { cwd });
    expect({ code, status: JSON.parse(stdout).status }).toEqual({ code: 0, status: "completed" });
  });

  test("a graph builder may print, which spoils no output, and may not run for ever", async () => {
    const cwd = projectFolder({
      "pipeline.ts": `import { pipeline, step } from "reprise";
declare const console: { log(text: string): void };
declare const process: { env: Record<string, string>; stdout: { write(text: string): void } };
export const one = step(async () => 1);
const g = pipeline.graph("printed");
console.log("said");
process.stdout.write("written");
if (process.env.ENDLESS) for (;;) {}
g.returns(g.step("one", one));
export default g;
`,
    });
    made.push(cwd);
    const { code, stdout, stderr } = await reprise(["compile", "pipeline.ts"], { cwd });
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout).name).toBe("printed");
    expect(stderr).toBe("said\nwritten");
    const endless = await reprise(["compile", "pipeline.ts"], {
      cwd,
      env: { ENDLESS: "1", REPRISE_GRAPH_LIMIT: "1s" },
    });
    expect({ code: endless.code, stdout: endless.stdout }).toEqual({ code: 2, stdout: "" });
    expect(endless.stderr).toContain("after 1.0 s it still runs");
    const wrong = await reprise(["compile", "pipeline.ts"], { cwd, env: { REPRISE_GRAPH_LIMIT: "soon" } });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toMatch(/^reprise: REPRISE_GRAPH_LIMIT: "soon" is not a duration/);
  });

  test("compile problems come all at once, with code frames", async () => {
    const cwd = projectFolder({
      "pipeline.ts": `import { pipeline, step } from "reprise";
export const one = step(async () => 1);
export default pipeline("wrong", async () => {
  class Local {}
  one();
  return new Local();
});
`,
    });
    made.push(cwd);
    const { code, stdout, stderr } = await reprise(["run", "pipeline.ts"], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/RP\d+ pipeline\.ts:4:/);
    expect(stderr).toMatch(/RP\d+ pipeline\.ts:5:/);
    expect(stderr).toContain("> 4 |   class Local {}");
    expect(stderr).toMatch(/\d problems\n$/);
  });
});

describe("what is kept can be looked at", () => {
  let cwd: string;
  beforeAll(async () => {
    cwd = empty();
    expect((await reprise(["run", json, "--id", "seen"], { cwd })).code).toBe(0);
  });
  const said = async (...args: string[]) => {
    const { code, stdout, stderr } = await reprise(args, { cwd });
    expect({ code, stderr }, args.join(" ")).toEqual({ code: 0, stderr: "" });
    return stdout;
  };

  test("tasks lists runs and steps, and a beginning of an id is enough", async () => {
    const table = (await said("tasks", "--run", "se")).replace(/\d+ ms/g, "T").replace(/ +/g, " ");
    expect(`\n${table}`).toMatchInlineSnapshot(`
      "
       status task name took made
      ✓ completed seen doubles T just now
      ✓ completed loop1[1]/total work T just now
      ✓ completed loop1[2]/total work T just now
      ✓ completed keep keep T just now
      "
    `);
    expect(JSON.parse(await said("tasks", "--json", "--type", "controller"))).toMatchObject([
      { id: "seen", status: "completed" },
    ]);
    expect(JSON.parse(await said("tasks", "--json", "--limit", "1"))).toHaveLength(1);
  });

  test("a task shows its input, output, attempts and metrics", async () => {
    const shown = (await said("task", "show", "seen/loop1[2]"))
      .replace(/\d+ ms/g, "T")
      .replace(/agent \S+/, "agent A)")
      .replace(/template-\w+/, "template-T");
    expect(`\n${shown}`).toMatchInlineSnapshot(`
      "
      seen/loop1[2]/total
        name      work
        status    completed
        type      training
        queue     default
        parent    template-T
        attempts  1  completed after T (agent A)
        input     { n: 2, ms: 0 }
        output    4
        metrics   score/value 0.2
      "
    `);
    expect(JSON.parse(await said("task", "show", "seen/loop1[2]", "--json"))).toMatchObject({
      output: 4,
      input: { n: 2 },
    });
  });

  test("a run shows its last decisions in words", async () => {
    expect(await said("task", "show", "seen")).toContain(
      [
        "  decisions loop1[1]: n 1 <= times 2 → iteration 1",
        "            loop1[2]: n 2 <= times 2 → again (iteration 2)",
        "            loop1[3]: n 3 <= times 2 is false → done (after 2 iterations)",
        "            if1: bad is false → skipped",
        "            if2: hard is false → skipped",
      ].join("\n"),
    );
    const { decisions } = JSON.parse(await said("task", "show", "seen", "--json"));
    expect(decisions).toHaveLength(5);
    expect(decisions[0]).toEqual({
      path: "loop1[1]",
      explanation: "n 1 <= times 2 → iteration 1",
      at: expect.any(Number),
    });
  });

  test("logs, metrics and artifacts, of a step and of a whole run", async () => {
    expect(await said("task", "logs", "seen/loop1[1]")).toBe("working on 1\n");
    expect(await said("task", "logs", "seen")).toMatch(
      /^loop1\[1\]\/\S+ \| working on 1\nloop1\[2\]\/\S+ \| working on 2\n$/,
    );
    expect(await said("task", "metrics", "seen")).toMatch(/loop1\[2\]\/\S+ +score +value +0\.2 +0\.2 +0\.2 +2 +1\n/);
    expect(await said("task", "artifacts", "seen")).toMatch(/total\.json +\d+ B +application\/json +keep/);
    expect(JSON.parse(await said("task", "artifacts", "seen", "--get", "total.json"))).toEqual({ total: 6 });
    await said("task", "artifacts", "seen/keep", "--get", "total.json", "-o", "total.json");
    expect(JSON.parse(readFileSync(join(cwd, "total.json"), "utf8"))).toEqual({ total: 6 });
  });

  test("the graph of a run is that of its JSON, with what happened in it", async () => {
    const picture = await said("graph", json);
    expect(picture).toMatch(/^flowchart TD\n/);
    const ofRun = await said("graph", "seen");
    expect(ofRun).toMatch(/ · ✓ 2 × · [^<]+, last [^<]+<\/small>/);
    const bare = (text: string) => text.replace(/<br\/><small>.*?<\/small>| {2}(?:classDef|class) .*\n/g, "");
    expect(bare(ofRun)).toBe(bare(picture));
  });

  test("a run that waits is aborted with a reason", async () => {
    const env = { DIARY: join(cwd, "diary") };
    const { ended } = start(["run", json, "--id", "waits", "--json", "--param", "ms=60000"], { cwd, env });
    await until(() => linesOf(env.DIARY).length === 1, ended);
    expect(await said("abort", "waits", "--reason", "enough")).toBe("waits (doubles) is aborted\n");
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout)).toMatchObject({ status: "aborted", error: { name: "AbortedError", message: "enough" } });
  });
});

test("a help text loads neither schemas, nor the compiler, nor what runs pipelines", async () => {
  const hook = `import { registerHooks } from "node:module"; registerHooks({ load(url, context, next) { console.error(url); return next(url, context); } });`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(hook)}` };
  const { code, stderr } = await reprise(["--help"], { cwd: folder, env });
  expect(code).toBe(0);
  expect(stderr).toMatch(/cli\/program/);
  expect(stderr).not.toMatch(/\/(zod|rxjs|immer|ts-morph|esbuild)\/|node:sqlite|src\/(compiler|open)/);
});

test("--version is the package's, with Node's", async () => {
  const { stdout } = await reprise(["--version"], { cwd: folder });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+ \(Node \d+\.\d+\.\d+\)\n$/);
});
