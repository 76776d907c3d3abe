import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../../src/runtime/store/open.ts";
import { examine } from "../../src/tasks/doctor.ts";
import { temporaryFolder } from "../runtime/store/folders.ts";
import { agentNamed, pipelineNamed, running } from "../runtime/store/suite/fixtures.ts";

const states = (findings: { state: string }[]) => findings.map(({ state }) => state);

test("a whole store has nothing wrong", async () => {
  const folder = join(temporaryFolder(), "store");
  await using store = await openStore(folder);
  await store.runs.register(pipelineNamed("fine"));
  expect(states(await examine(store, folder, join(folder, "secrets.env")))).toEqual(["good", "good", "good", "good"]);
});

test("contents that are missing are named, and a file of secrets that others may read", async () => {
  const folder = join(temporaryFolder(), "store");
  await using store = await openStore(folder);
  const { pipeline } = await store.runs.register(pipelineNamed("broken"));
  rmSync(join(folder, "blobs", pipeline.slice(7, 9), pipeline.slice(9)));
  const secrets = join(folder, "secrets.env");
  writeFileSync(secrets, "A=1\n", { mode: 0o644 });
  const bad = (await examine(store, folder, secrets)).filter(({ state }) => state === "bad");
  expect(bad).toMatchObject([
    { text: `1 contents are missing, such as ${pipeline}` },
    { remedy: `chmod 600 ${secrets}` },
  ]);
});

test("runs that lost their process, and queues that nobody serves, come with what to type", async () => {
  const folder = join(temporaryFolder(), "store");
  const { store, turn, fit } = await running(() => openStore(folder), "lost");
  await using _ = store;
  await turn({ kind: "clone", template: fit, path: "fit", options: { queue: "gpu" } });
  await store.queue.join({ ...agentNamed("elsewhere"), queues: ["other"] });
  const odd = (await examine(store, folder, "")).filter(({ state }) => state === "odd");
  expect(odd).toMatchObject([
    { text: "the run lost lost its process", remedy: "reprise resume lost" },
    { text: expect.stringMatching(/^1 wait in the queue gpu, /), remedy: "reprise agent --queue gpu" },
  ]);
});

test("sets of packages are shown with the time of their last use", async () => {
  const folder = join(temporaryFolder(), "store");
  await using store = await openStore(folder);
  const set = join(folder, "packages", "0".repeat(64));
  mkdirSync(set, { recursive: true });
  writeFileSync(join(set, "set.json"), JSON.stringify({ packages: { sharp: "0.34.5", canvas: "3.1.0" }, unbuilt: [] }));
  const then = new Date(Date.now() - 3 * 86_400_000 - 60_000);
  utimesSync(set, then, then);
  expect(await examine(store, folder, "")).toContainEqual({
    state: "good",
    text: "installed for steps: canvas@3.1.0 sharp@0.34.5 (last used 3 d 0 h ago)",
  });
});
