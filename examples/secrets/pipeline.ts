/**
 * Secrets: `sign` gets a key that only the agent knows, from its environment or its file of secrets; neither the graph, nor a task, nor a log has it. Try
 * `SIGNING_KEY=abc123 reprise run pipeline.ts`, and look at what `reprise task logs` shows of it.
 */
import { createHmac } from "node:crypto";
import { pipeline, step } from "reprise";

export const sign = step.env({ ALGORITHM: "sha256" }).secrets(["SIGNING_KEY"])(
  async ({ message }: { message: string }) => {
    const { ALGORITHM = "", SIGNING_KEY = "" } = process.env;
    console.log(`signing with ${SIGNING_KEY}`);
    return createHmac(ALGORITHM, SIGNING_KEY).update(message).digest("hex");
  },
);

export default pipeline("secrets", async ({ message = "hello" }: { message?: string }) => ({
  message,
  signature: await sign({ message }),
}));
