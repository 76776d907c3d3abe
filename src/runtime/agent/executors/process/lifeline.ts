/** The thread in a step process that ends it, and all that it has started, when the agent's process is gone. */
import { Socket } from "node:net";

/** The pipe that the agent holds at its other end. */
const lifeline = new Socket({ fd: 4, readable: true, writable: false });
const end = (): void => void process.kill(process.platform === "win32" ? process.pid : -process.pid, "SIGKILL");
lifeline.on("error", end);
lifeline.on("close", end);
lifeline.resume();
