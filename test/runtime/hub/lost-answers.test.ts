/**
 * Every change of the API's table, asked for over a connection that is cut when the hub has committed and before it answers; and the hub is started anew, and remembers
 * nothing. Whoever asked gets the answer, and nothing is done twice: the store is as after one request that was answered.
 */
import { describe, expect, onTestFinished, test } from "vitest";
import { hashOf } from "../../../src/model/hash.ts";
import { print } from "../../../src/model/print-pipeline.ts";
import { newToken } from "../../../src/model/token.ts";
import { api } from "../../../src/runtime/hub/api.ts";
import { openHub } from "../../../src/runtime/hub/client/open.ts";
import { listen } from "../../../src/runtime/hub/listen.ts";
import type { Hub } from "../../../src/runtime/hub/server.ts";
import type { Draft, Store } from "../../../src/runtime/ports.ts";
import { registeredAs } from "../../../src/runtime/store/register.ts";
import { copiesOf } from "../store/copied.ts";
import { temporaryFolder } from "../store/folders.ts";
import { agentNamed, bundle, claimOne, pipelineNamed, running } from "../store/suite/fixtures.ts";
import { hubFor } from "./hub.ts";

const { secret, token } = newToken({ name: "mine", role: "admin" }, 1);
const other = newToken({ name: "other", role: "reader" }, 2).token;
const third = newToken({ name: "third", role: "reader" }, 3).token;

const draftNamed = (id: string): Draft => ({
  ...{ id, name: id, code: { kind: "command", run: ["true"] }, options: { type: "training", queue: "default" } },
});

const agent = "agent-of-run";

/** A run that waits for a step that runs; a draft, two that wait, and one that was aborted. */
const copied = copiesOf(async (store) => {
  const { fit, turn } = await running(async () => store);
  await turn({ kind: "clone", template: fit, path: "fit" });
  await claimOne(store, agent, "default");
  for (const id of ["draft", "first", "second", "over"]) await store.tasks.create(draftNamed(id));
  for (const id of ["first", "second", "over"]) await store.tasks.enqueue(id);
  await store.tasks.abort("over", "enough");
  for (const each of [token, other]) await store.tokens.keep(each);
});

async function world(): Promise<Store> {
  const store = await copied();
  onTestFinished(() => store.close());
  return store;
}

const fit = { task: "run/fit", attempt: 1 } as const;
const upload = { ...fit, role: "output", name: "model" } as const;

const empty = "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
const { controller } = registeredAs(pipelineNamed("rerun"), hashOf(print(pipelineNamed("rerun"))));

/** The arguments of each change. */
const changes: Record<string, unknown[]> = {
  "tasks.create": [draftNamed("new")],
  "tasks.clone": ["draft", { id: "copy" }],
  "tasks.edit": ["draft", { name: "else", input: { from: undefined, to: { text: "[1]" } } }],
  "tasks.record": ["run/fit", 1, { input: { from: undefined, to: { text: "[2]" } } }],
  "tasks.begin": [draftNamed("new"), agent],
  "tasks.enqueue": ["draft"],
  "tasks.dequeue": ["first"],
  "tasks.abort": ["first", "enough"],
  "tasks.reset": ["over"],
  "tasks.delete": ["over"],
  "tasks.publish": ["over"],
  "tasks.archive": ["over", true],
  "tasks.unserved": ["first"],
  "tasks.installing": ["run/fit", 1, ["left-pad@1.0.0"]],
  "runs.register": [pipelineNamed("another")],
  "runs.keepBundle": [bundle],
  "runs.start": [controller, { id: "next" }],
  "runs.turn": [
    "run",
    1,
    [
      { kind: "decision", path: "if1", of: "branch", outcome: 0, explanation: "so" },
      { kind: "wait", path: "sleep", until: 5 },
    ],
  ],
  "runs.abort": ["run", "enough"],
  "runs.signal": ["run", "approved", { text: "[true]" }],
  "queue.join": [agentNamed("b")],
  "queue.renew": [agent, 5],
  "queue.leave": [agent],
  "queue.claim": [{ agent, queues: ["default"], limit: 1 }],
  "queue.report": [{ ...fit, agent, outcome: "completed", output: { text: "[1]" } }],
  "queue.move": ["second", { position: { by: 1 } }],
  "queue.clear": ["default"],
  "queue.limit": ["default", 3],
  "queue.pause": ["default", true],
  "checkpoints.save": ["run/fit", 1, { text: "[1]" }],
  "provenance.keep": ["run", { node: "24", platform: "here" }],
  "artifacts.put": [{ ...upload, kind: "text", type: "text/plain", hash: empty, bytes: 0, createdAt: 1 }],
  "artifacts.announce": [upload],
  "artifacts.withdraw": [upload],
  "metrics.append": [[{ ...fit, title: "loss", series: "train", iteration: 1, value: 0.5, at: 1 }]],
  "metrics.progress": ["run/fit", 1, 0.5],
  "logs.append": [[{ ...fit, stream: "stdout", text: "a line", at: 1 }]],
  "figures.put": [[{ ...fit, kind: "text", title: "t", iteration: 1, content: "c", at: 1 }]],
  "tokens.keep": [third],
  "tokens.revoke": [other.id],
  "store.sweep": [{ before: 1 }],
};

const inTable = Object.entries(api).flatMap(([port, routes]) =>
  Object.entries(routes)
    .filter(([, { verb, role }]) => verb !== "GET" && role !== "reader")
    .map(([method]) => `${port}.${method}`),
);

const ask = (store: Store, name: string, args: readonly unknown[]): Promise<unknown> => {
  const [port, method] = name.split(".") as [string, string];
  const methods = (port === "store" ? store : store[port as "tasks"]) as unknown as Record<
    string,
    (...args: unknown[]) => Promise<unknown>
  >;
  return methods[method]!(...args);
};

/** Loses the first answer to a change, and forgets all that it knew. */
async function forgetful(store: Store): Promise<{ client: Store; lost: () => number }> {
  let hub = hubFor(store);
  let lost = 0;
  const fetch = async (request: Request, { incoming }: { incoming: { socket: { destroy(): void } } }) => {
    const isChange = request.method !== "GET" && !request.url.includes("/channels");
    const answer = await hub.fetch(request);
    if (!isChange || lost > 0) return answer;
    lost += 1;
    await answer.text();
    hub = hubFor(store);
    incoming.socket.destroy();
    return new Response(null);
  };
  const listening = await listen({ fetch, close: () => hub.close() } as unknown as Hub, { host: "127.0.0.1", port: 0 });
  const client = await openHub({ address: listening.address, folder: temporaryFolder(), token: secret });
  onTestFinished(async () => {
    await client.close();
    await listening.close();
  });
  return { client, lost: () => lost };
}

/** All that the store says, but for the time of it. */
async function told(store: Store): Promise<unknown> {
  const tasks = await store.tasks.list({ templates: true });
  const runs = tasks.filter(({ run, id }) => run === undefined || run === id);
  return timeless({
    tasks,
    events: await Promise.all(runs.map(({ id }) => store.events.read(id, 0))),
    entries: await store.queue.entries("default"),
    queues: await store.queue.list(),
    agents: await store.queue.agents(),
    tokens: await store.tokens.list(),
    lines: await store.logs.read("run/fit"),
    points: await store.metrics.read("run/fit", "loss", "train"),
    figures: await store.figures.list("run/fit"),
    artifacts: await store.artifacts.list("run/fit"),
    checkpoint: await store.checkpoints.load("run/fit"),
  });
}

const timeless = (value: unknown): unknown =>
  JSON.parse(
    JSON.stringify(value ?? null, (_, inner) => {
      if (inner instanceof Map) return [...inner];
      return typeof inner === "number" && inner > 1e12 ? "a time" : inner;
    }),
  );

describe("a change whose answer is lost with the hub", () => {
  test("has a case here for every route of the table", () => {
    expect(Object.keys(changes).sort()).toEqual(inTable.sort());
  });

  test.each(inTable)("is made once, and answered: %s", async (name) => {
    const [here, there] = [await world(), await world()];
    const { client, lost } = await forgetful(there);
    const answer = await ask(client, name, changes[name]!);
    expect(timeless(answer)).toEqual(timeless(await ask(here, name, changes[name]!)));
    expect(lost()).toBe(1);
    expect(await told(there)).toEqual(await told(here));
  });

  test("is made once among others of its turn, of which one is refused", async () => {
    const store = await world();
    const { client, lost } = await forgetful(store);
    const answers = await Promise.allSettled([
      client.runs.signal("run", "approved"),
      client.tasks.enqueue("over"),
      client.tasks.enqueue("first"),
      client.runs.signal("run", "approved"),
    ]);
    expect(lost()).toBe(1);
    expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"]);
    const events = await store.events.read("run", 0);
    expect(events.filter(({ kind }) => kind === "signal")).toHaveLength(2);
    expect(await store.tasks.get("over")).toMatchObject({ status: "queued" });
  });

  test("is not taken for another caller's of the same name", async () => {
    const store = await world();
    const stranger = newToken({ name: "stranger", role: "admin" }, 4);
    await store.tokens.keep(stranger.token);
    const signal = (secret: string) =>
      hubFor(store).fetch(
        new Request("http://localhost/api/v1/runs/run/signals", {
          ...{ method: "POST", body: '{"name":"approved"}' },
          headers: { authorization: `Bearer ${secret}`, "content-type": "application/json", "reprise-request": "same" },
        }),
      );
    for (const who of [secret, secret, stranger.secret]) expect(await (await signal(who)).json()).toBe(true);
    const events = await store.events.read("run", 0);
    expect(events.filter(({ kind }) => kind === "signal")).toHaveLength(2);
  });

  test("was a run's start from plain JSON, without a name for the run: it is started once", async () => {
    const store = await world();
    const { pipeline } = await store.runs.register(pipelineNamed("rerun"));
    const start = async () => {
      const headers = { authorization: `Bearer ${secret}`, "content-type": "application/json", "reprise-request": "s" };
      const init = { method: "POST", body: "{}", headers };
      return (
        await hubFor(store).fetch(new Request(`http://localhost/api/v1/pipelines/${pipeline}/runs`, init))
      ).json();
    };
    expect(await start()).toEqual(await start());
    expect(await store.tasks.list({ topLevel: true, name: "rerun" })).toHaveLength(2);
  });
});
