/** What an agent and the warden of a command say to each other. */
import type { Exit } from "../own-group.ts";

/** The program and its arguments, where they run, and all of their environment. */
export type ToWarden = { run: readonly string[]; folder: string; env: NodeJS.ProcessEnv };

/** How the command has ended; `unstarted` is the system's word for why it did not begin, such as `ENOENT`. */
export type FromWarden = Exit;
