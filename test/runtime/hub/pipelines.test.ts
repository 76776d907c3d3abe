import { expect, test } from "vitest";
import { decode } from "../../../src/model/value.ts";
import { pipelineNamed } from "../store/suite/fixtures.ts";
import { hubFor, testHub } from "./hub.ts";

const params = {
  type: "object",
  properties: { target: { type: "number", default: 0.5 } },
  additionalProperties: false,
};

test("a run of a registered pipeline starts from plain JSON, which is checked against its schema; its id joins it; with an earlier run it is that again", async () => {
  const { store } = await testHub();
  const { pipeline: hash } = await store.runs.register({ ...pipelineNamed("rerun"), params });
  const hub = hubFor(store);
  const start = async (body: object, of: string = hash) => {
    const headers = { "content-type": "application/json" };
    const init = { method: "POST", headers, body: JSON.stringify(body) };
    const response = await hub.fetch(new Request(`http://localhost/api/v1/pipelines/${of}/runs`, init));
    return { status: response.status, body: (await response.json()) as never };
  };
  expect(await start({ params: { target: 0.9 }, id: "r", queue: "mine" })).toMatchObject({
    status: 200,
    body: { created: true, task: { id: "r", status: "queued", options: { queue: "mine" } } },
  });
  const { input } = (await store.tasks.get("r"))!;
  expect(input && "text" in input && decode(input.text)).toEqual({ target: 0.9 });
  expect(await start({ params: { target: 0.9 }, id: "r" })).toMatchObject({ status: 200, body: { created: false } });
  expect(await start({ params: { target: 0.1 }, id: "r" })).toMatchObject({
    status: 409,
    body: { error: { kind: "ConflictError" } },
  });
  expect(await start({ params: { target: "high" } })).toMatchObject({
    status: 422,
    body: { error: { kind: "ParamsError", message: expect.stringContaining("target") } },
  });
  expect(await start({}, `sha256:${"0".repeat(64)}`)).toMatchObject({ status: 404 });
  expect(await store.tasks.list({ topLevel: true })).toHaveLength(1);
  await store.provenance.keep("r", { node: "24.11.0", platform: "linux x64" });
  expect(await start({ id: "again", rerun: { of: "r", from: ["loop1/fit"] } })).toMatchObject({
    status: 200,
    body: { created: true, task: { options: { rerun: { of: "r", from: ["loop1/fit"] } } } },
  });
  expect(await store.provenance.of("again")).toMatchObject({ node: "24.11.0" });
});
