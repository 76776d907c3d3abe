/** Every step of the pipelines that are killed says when it begins, on a socket, and waits to be told to go on. */
import { createConnection } from "node:net";
import { Task } from "reprise";

export type Watched = { watcher: string };

/** Resolves when the watcher answers; where it hangs up, somebody is being killed. */
export function begun(watcher: string): Promise<void> {
  const { id, attempt } = Task.current();
  return new Promise((resolve, reject) => {
    const socket = createConnection(watcher, () => socket.write(`${JSON.stringify({ task: id, attempt })}\n`));
    socket.once("data", () => socket.end(resolve));
    socket.once("error", reject);
  });
}
