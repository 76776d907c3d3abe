/** The thread that ends the process of a graph when its controller's process is gone: a body that computes without a pause does not hear of it. */
import { Socket } from "node:net";

/** The pipe that the controller's process holds at its other end. */
const lifeline = new Socket({ fd: 4, readable: true, writable: false });
const end = (): void => void process.kill(process.pid, "SIGKILL");
lifeline.on("error", end);
lifeline.on("close", end);
lifeline.resume();
