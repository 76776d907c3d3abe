/** Through a hub, with graph and steps on an agent in another process, runs come to the same as here: results, tasks, decisions. The oracle's cases. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { open, type Reprise } from "../../../src/open.ts";
import { listen } from "../../../src/runtime/hub/listen.ts";
import type { Running } from "../../cli/command-line.ts";
import { cases } from "../../oracle/cases.ts";
import { compileCase, makeProject } from "../../oracle/project.ts";
import { kill, startAgent } from "./campaign/processes.ts";
import { hubFor } from "./hub.ts";

const folder = mkdtempSync(join(tmpdir(), "reprise-trace-"));
const opened: Reprise[] = [];
let here: Reprise;
let elsewhere: Reprise;
let agent: Running;
let close: () => Promise<void>;

beforeAll(async () => {
  process.env.XDG_CACHE_HOME = folder;
  makeProject(folder);
  here = await open({ store: join(folder, "here"), agents: [{ slots: 1, isolation: "inline" }] });
  const served = await open({ store: join(folder, "elsewhere"), agents: [] });
  const hub = await listen(hubFor(served.store), { host: "127.0.0.1", port: 0 });
  close = hub.close;
  agent = await startAgent(folder, hub.address, "--slots", "1", "--isolation", "inline");
  elsewhere = await open({ store: hub.address, agents: [] });
  opened.push(here, elsewhere, served);
});
afterAll(async () => {
  await kill(agent);
  await elsewhere.close();
  await close();
  for (const each of opened) await each.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(Object.entries(cases))("%s", { timeout: 60_000 }, async (name, source) => {
  const pipeline = await compileCase(folder, name, source);
  const id = name.replace(/\W+/g, "-").slice(0, 60);
  const seen = async (reprise: Reprise) => {
    const run = await reprise.start(pipeline, { n: 2 }, { id });
    const outcome = await run.outcome();
    const tasks = (await reprise.store.tasks.list({ run: id })).map(({ id, name, status, input, output, failure }) => ({
      ...{ id, name, status, input, output },
      failure: failure && `${failure.name}: ${failure.message}`,
    }));
    const events = await reprise.store.events.read(id, 0);
    const decisions = events.flatMap((event) =>
      event.kind === "decision" ? [`${event.path}: ${event.explanation}`] : [],
    );
    const end = outcome.status === "failed" ? `${outcome.failure.name}: ${outcome.failure.message}` : outcome;
    return { end, tasks, decisions };
  };
  expect(await seen(elsewhere)).toEqual(await seen(here));
});
