/** `run --watch`: again, whenever the sources change. */
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { openStore } from "../../src/runtime/store/open.ts";
import { projectFolder, type Running, reprise, start } from "./command-line.ts";

const cwd = projectFolder({
  "numbers.ts": "export const factor = 2;\n",
  "pipeline.ts": `import { pipeline, step } from "reprise";
import { factor } from "./numbers.ts";
declare const setTimeout: (then: () => void, ms: number) => unknown;
export const double = step(async ({ n, ms }: { n: number; ms: number }) => {
  await new Promise<void>((resolve) => setTimeout(resolve, ms));
  return n * factor;
});
export default pipeline("watched", async () => ({ doubled: await double({ n: 21, ms: 0 }) }));
`,
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

const edit = (file: string, from: string, to: string) => {
  const path = join(cwd, file);
  // As editors do: all of it at once, under another name first.
  writeFileSync(`${path}.draft`, readFileSync(path, "utf8").replace(from, to));
  renameSync(`${path}.draft`, path);
};

/** Waits until it has said that, on either stream, after what was waited for before. */
function listener({ said, child }: Running) {
  const heard = { stdout: 0, stderr: 0 };
  return async (text: string) => {
    for (const until = Date.now() + 20_000; ; ) {
      for (const stream of ["stdout", "stderr"] as const) {
        const at = said[stream].indexOf(text, heard[stream]);
        if (at === -1) continue;
        heard[stream] = at + text.length;
        return;
      }
      if (child.exitCode !== null || Date.now() > until)
        throw new Error(`it has not said "${text}":\n${said.stdout}${said.stderr}`);
      await pause(20);
    }
  };
}

test("it runs again when the file or what it imports changes, aborts a run that goes on, and Ctrl-C ends it", {
  timeout: 120_000,
}, async () => {
  const watching = start(["run", "pipeline.ts", "--watch"], { cwd });
  const hears = listener(watching);
  try {
    await hears("{ doubled: 42 }");
    await hears("watching pipeline.ts and what it is made from (Ctrl-C ends)");
    edit("numbers.ts", "factor = 2", "factor = 3");
    await hears("numbers.ts has changed: running again");
    await hears("{ doubled: 63 }");
    await hears("watching");

    edit("pipeline.ts", "ms: 0", "ms: zero");
    await hears("`zero` is not available");
    await hears("watching");
    edit("pipeline.ts", "ms: zero", "ms: 60_000");
    await hears("running again");
    await stepRuns();
    edit("pipeline.ts", "ms: 60_000", "ms: 1");
    await hears("pipeline.ts has changed: aborting the run that goes on");
    await hears("aborted");
    await hears("running again");
    await hears("{ doubled: 63 }");
    await hears("watching");

    edit("pipeline.ts", "ms: 1", "ms: 60_000");
    await stepRuns();
    watching.child.kill("SIGINT");
    expect(await watching.ended).toMatchObject({
      code: 130,
      stdout: expect.stringContaining("aborting… (again to kill)"),
    });
  } finally {
    watching.child.kill("SIGKILL");
  }
});

test("Ctrl-C while nothing runs ends it well; what cannot be watched is refused", { timeout: 60_000 }, async () => {
  writeFileSync(join(cwd, "other.ts"), readFileSync(join(cwd, "pipeline.ts"), "utf8").replace("60_000", "0"));
  const watching = start(["run", "other.ts", "-w"], { cwd });
  await listener(watching)("watching");
  watching.child.kill("SIGINT");
  expect(await watching.ended).toMatchObject({ code: 0, signal: null });
  expect(await reprise(["run", "none.ts", "--watch"], { cwd })).toMatchObject({ code: 2 });
  const refused = await reprise(["run", "other.ts", "--watch", "--json"], { cwd });
  expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("cannot be used with option '--json'") });
});

test("pipeline JSON is watched too; while it is none, the next version is awaited", { timeout: 60_000 }, async () => {
  writeFileSync(join(cwd, "made.ts"), readFileSync(join(cwd, "other.ts"), "utf8"));
  await reprise(["compile", "made.ts", "-o", "made.json"], { cwd });
  const text = readFileSync(join(cwd, "made.json"), "utf8");
  const watching = start(["run", "made.json", "--watch"], { cwd });
  const hears = listener(watching);
  try {
    await hears("{ doubled: 63 }");
    await hears("watching made.json");
    edit("made.json", text, "{");
    await hears("made.json has changed: running again");
    await hears("JSON");
    await hears("watching made.json");
    edit("made.json", "{", text);
    await hears("{ doubled: 63 }");
    await hears("watching made.json");
    watching.child.kill("SIGINT");
    expect(await watching.ended).toMatchObject({ code: 0 });
  } finally {
    watching.child.kill("SIGKILL");
  }
});

/** Waits until a step of the pipeline runs. */
async function stepRuns(): Promise<void> {
  await using store = await openStore(join(cwd, ".reprise"));
  while ((await store.tasks.list({ name: "double", status: "running" })).length === 0) await pause(20);
}
