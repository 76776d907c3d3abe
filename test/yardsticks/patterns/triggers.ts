/** What comes from outside. */
import { pipeline, signal } from "reprise";
import { double } from "./steps.ts";

export const transientTrigger = pipeline("23 Transient trigger", async () => {
  await signal("begin");
  const beat = await signal<number>("beat", { mode: "transient" });
  return await double({ n: beat });
});

export const persistentTrigger = pipeline("24 Persistent trigger", async () => {
  await signal("begin");
  const beat = await signal<number>("beat");
  return await double({ n: beat });
});
