/**
 * The thread in a step process that is there also while a step computes without a pause. It ends the process, and all that it has started, when the agent's is gone;
 * and shuts the gate when the agent takes back what has not begun.
 */
import { Socket } from "node:net";
import { workerData } from "node:worker_threads";
import { type Gate, shutGate } from "./gate.ts";

const gate = workerData as Gate;
let shuts = 0;
let notBegun = 0;

/** The pipe that the agent holds at its other end. Each byte takes back once, and is answered by the number of the first call that has not begun. */
const lifeline = new Socket({ fd: 4 });
const end = (): void => void process.kill(process.platform === "win32" ? process.pid : -process.pid, "SIGKILL");
lifeline.on("error", end);
lifeline.on("close", end);
lifeline.on("data", (asked) => {
  for (let n = 0; n < asked.length; n++) {
    shuts += 1;
    notBegun = shutGate(gate, shuts) ?? notBegun;
    lifeline.write(`${notBegun}\n`);
  }
});
