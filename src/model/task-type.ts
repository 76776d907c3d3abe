/** The types of a task: ClearML's list, so that a person who comes from there finds their own. */
// biome-ignore format: two rows
export const taskTypes = [
  "training", "testing", "inference", "data_processing", "application", "monitor",
  "controller", "optimizer", "service", "qc", "custom",
] as const;
/** What a task does, for lists and pictures; it changes nothing of how it runs. */
export type TaskType = (typeof taskTypes)[number];

/** They mostly wait for other tasks, or for their time: unless told otherwise they are enqueued to `services`, and hold no slot. */
export const waitingTypes: ReadonlySet<TaskType> = new Set(["controller", "optimizer", "service", "monitor"]);
