/** What authors import from "reprise". */
export type { Artifact } from "../model/artifact.ts";
export type { ArtifactContent, ArtifactOptions, ModelOptions, Reports, StepContext } from "../model/context.ts";
export type { Duration } from "../model/duration.ts";
export type { Handle, Point } from "../model/handle.ts";
export type { OnFailure, Options } from "../model/options.ts";
export type { Retry } from "../model/retry.ts";
export type { SignalOptions } from "../model/signal.ts";
export type {
  CloneOptions,
  CreateOptions,
  EnqueueOptions,
  InitOptions,
  Parameters,
  RunningTask,
  TaskEdit,
  TaskHandle,
  TaskHost,
  TaskQuery,
  TaskReference,
  WaitOptions,
} from "../model/task-handle.ts";
export type { TaskType } from "../model/task-type.ts";
export { ValueError } from "../model/value.ts";
export type { PipelineClass, PipelineDecorator } from "./class/pipeline.ts";
export type { StepDecorator } from "./class/step.ts";
export { detach } from "./detach.ts";
export type { PipelineGraph } from "./graph/graph.ts";
export {
  add,
  and,
  at,
  cond,
  div,
  eq,
  fallback,
  gt,
  gte,
  lt,
  lte,
  mod,
  mul,
  ne,
  neg,
  not,
  or,
  sub,
  text,
} from "./graph/operators.ts";
export type { Given, Ref, Reference } from "./graph/reference.ts";
export type { StartedStep } from "./graph/start.ts";
export { type PipelineChain, pipeline } from "./pipeline.ts";
export { signal } from "./signal.ts";
export { sleep, sleepUntil } from "./sleep.ts";
export { start } from "./start.ts";
export { type StepChain, step } from "./step.ts";
export { Task } from "./task.ts";
export { type TemplateOptions, template } from "./template.ts";
export { withOptions } from "./with-options.ts";
