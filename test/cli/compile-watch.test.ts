/** `compile --watch` by the real command line: files are written, and what it says and writes is awaited. */
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { projectFolder, type Running, reprise, start } from "./command-line.ts";

const program = `import { pipeline, step } from "reprise";
import { twice } from "./twice.ts";
export const one = step(async ({ n }: { n: number }) => twice(n));
export const two = step(async ({ n }: { n: number }) => n + 2);
export default pipeline("watched", async ({ n = 1 }: { n?: number }) => {
  const first = await one({ n });
  return await two({ n: first });
});
`;
const twice = "export const twice = (n: number): number => 2 * n;\n";

let running: Running | undefined;
let cwd: string;
afterEach(async () => {
  running?.child.kill("SIGKILL");
  await running?.ended;
  rmSync(cwd, { recursive: true, force: true });
});

function watching(files: Record<string, string>, ...options: string[]): Running {
  cwd = projectFolder(files);
  running = start(["compile", "pipeline.ts", "--watch", ...options], { cwd });
  return running;
}

/** Waits until it has said so much after what it had said before; gives that. */
async function says(text: string | RegExp, from: number): Promise<string> {
  const said = () => running!.said.stderr.slice(from);
  await vi.waitFor(() => expect(said()).toMatch(text), { timeout: 30_000, interval: 10 });
  return said();
}

const write = (name: string, text: string) => writeFileSync(join(cwd, name), text);
const written = () => readFileSync(join(cwd, "out.json"), "utf8");
const now = () => running!.said.stderr.length;

test("each change is compiled and said in a line: which steps, the body, or that only places are others", {
  timeout: 120_000,
}, async () => {
  const { child, ended, said } = watching({ "pipeline.ts": program, "twice.ts": twice }, "-o", "out.json");
  expect(await says(/ms\n/, 0)).toMatch(
    /^\d\d:\d\d:\d\d out\.json: "watched", 2 steps, \d+ nodes, [\d.]+ KB, \d+ ms\n$/,
  );

  let from = now();
  write("pipeline.ts", program.replace("n + 2", "n + 3"));
  expect(await says(/ms\n/, from)).toMatch(/^\d\d:\d\d:\d\d out\.json: two, \d+ ms\n$/);
  expect(written()).toContain("n + 3");

  from = now();
  write("twice.ts", twice.replace("2 * n", "n + n"));
  expect(await says(/ms\n/, from)).toMatch(/out\.json: one, \d+ ms\n$/);

  from = now();
  write("pipeline.ts", program.replace("n + 2", "n + 3").replace("{ n: first }", "{ n: first + 1 }"));
  expect(await says(/ms\n/, from)).toMatch(/out\.json: the body, \d+ ms\n$/);

  // As editors do it: a new file takes the place of the old one.
  from = now();
  write("draft", `// A line above.\n${program.replace("n + 2", "n + 3").replace("{ n: first }", "{ n: first + 1 }")}`);
  renameSync(join(cwd, "draft"), join(cwd, "pipeline.ts"));
  expect(await says(/ms\n/, from)).toMatch(/out\.json: only places, \d+ ms\n$/);

  // What it wrote last is what a compile of its own writes.
  const watched = written();
  expect((await reprise(["compile", "pipeline.ts"], { cwd })).stdout).toBe(watched);

  child.kill("SIGINT");
  expect(await ended).toMatchObject({ code: 0, signal: null, stdout: "" });
  expect(said.stderr.split("\n").filter(Boolean)).toHaveLength(5);
});

test("problems are shown and waited over: a wrong type, a file that goes and comes back, an import that is made later", {
  timeout: 120_000,
}, async () => {
  watching({ "pipeline.ts": program, "twice.ts": twice }, "-o", "out.json");
  await says(/ms\n/, 0);
  const whole = written();

  let from = now();
  write(
    "pipeline.ts",
    program.replace("n + 2", 'n + "2"').replace("await two({ n: first })", "await two({ m: first })"),
  );
  expect(await says(/1 problem\n/, from)).toMatch(/pipeline\.ts does not compile\n\nTS2353 pipeline\.ts:7:[\s\S]*\^/);
  expect(written()).toBe(whole);

  from = now();
  write("pipeline.ts", program);
  expect(await says(/ms\n/, from)).toMatch(/out\.json: only places, /);
  expect(written()).toBe(whole);

  from = now();
  rmSync(join(cwd, "twice.ts"));
  expect(await says(/problem/, from)).toContain("twice.ts");
  from = now();
  write("twice.ts", twice);
  await says(/out\.json: /, from);

  from = now();
  write("pipeline.ts", program.replace("./twice.ts", "./lib/twice.ts"));
  expect(await says(/problem/, from)).toContain("lib/twice.ts");
  from = now();
  mkdirSync(join(cwd, "lib"));
  write("lib/twice.ts", twice.replace("2 * n", "4 * n"));
  expect(await says(/out\.json: /, from)).toMatch(/out\.json: one, /);
  expect(written()).toContain("4 * n");

  from = now();
  write("tsconfig.json", "{");
  await says(/problem/, from);
});

test("without -o it only checks, and what cannot be watched is said", { timeout: 60_000 }, async () => {
  const { child, ended } = watching({ "pipeline.ts": program, "twice.ts": twice });
  expect(await says(/ms\n/, 0)).toContain('pipeline.ts: "watched"');
  child.kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 0, stdout: "" });
  expect(await reprise(["compile", "out.json", "--watch"], { cwd })).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("--watch compiles what has changed"),
  });
});
