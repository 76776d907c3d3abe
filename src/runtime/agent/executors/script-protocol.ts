/** What an agent and the process of a script say to each other. */
import type { Failure } from "../../../model/failure.ts";
import type { TaskId } from "../../../model/task.ts";

/** What the process is started with. */
export type ScriptCall = {
  /** Where the store is. */
  place: string;
  task: TaskId;
  attempt: number;
  /** The author's file, for people; and the path of the module that is to be imported. */
  entry: string;
  module: string;
};

export type ToScript = { kind: "abort" };

/** `output` is encoded. What was thrown and caught by nobody comes before the end of the process. */
export type FromScript = { kind: "returns"; output: string } | { kind: "threw"; failure: Failure };
