/** What agent and step process say to each other. JSON: measured on small messages, it is never slower than the structured clone. */
import type { Failure } from "../../../../model/failure.ts";
import type { ReportedPoint } from "../../recorder.ts";
import type { StepCall } from "../step-call.ts";

export type ToWorker =
  /** `mark`: what the worker prints to both streams when the step has ended, so that the agent knows whose output was read. */
  | { kind: "run"; call: StepCall; mark: string }
  | { kind: "abort" }
  | { kind: "end" }
  | { kind: "stored"; artifact: number; refused?: string };

export type FromWorker =
  | { kind: "ready" }
  | { kind: "reports"; points: SentPoint[]; progress?: number }
  | { kind: "artifact"; artifact: number; name: string; type: string; preview?: string; base64: string }
  | { kind: "returned"; output?: string }
  /** `spoiled`: something of the step may still run in that process, so that no other step should. */
  | { kind: "threw"; failure: Failure; spoiled: boolean };

/** JSON has no word for `NaN` and the infinities, which losses like to become. */
export type SentPoint = Omit<ReportedPoint, "value"> & { value: number | string };

export const sentPoint = (point: ReportedPoint): SentPoint =>
  Number.isFinite(point.value) ? point : { ...point, value: String(point.value) };

export const receivedPoint = (point: SentPoint): ReportedPoint => ({ ...point, value: Number(point.value) });
