import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inlineExecutor } from "../../../../src/runtime/agent/executors/inline.ts";
import { type MakeExecutor, serve, stepBehaviour } from "./step-behaviour.ts";

const inline: MakeExecutor = ({ store, folder }) =>
  inlineExecutor({ store, bundleDir: join(folder, "bundles"), graceMs: 20 });

describe("a step in the agent's own process", () => {
  stepBehaviour(inline);

  it("that does not end when it is aborted is given up, and its slot serves the next", async () => {
    const run = await serve(
      inline,
      `export const forever = () => { current().progress(0.1); return new Promise(() => {}); };
       export const next = async () => {};`,
      { slots: 1 },
    );
    const forever = await run.start("forever");
    await run.event(forever, "progress");
    await run.abort(forever);
    await run.event(await run.start("next"), "completed");
  });

  it("leaves everybody else's console alone", async () => {
    const said: unknown[][] = [];
    const own = console.log;
    console.log = (...args) => said.push(args);
    try {
      const run = await serve(inline, "export const talk = async () => console.log('mine');");
      await run.event(await run.start("talk"), "completed");
      console.log("the agent's");
      await run.stop();
      console.log("afterwards");
      expect(said).toEqual([["the agent's"], ["afterwards"]]);
    } finally {
      console.log = own;
    }
  });
});
