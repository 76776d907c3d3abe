/** What agent and step process say to each other. JSON: measured on small messages, it is never slower than the structured clone. */
import type { ArtifactRole } from "../../../../model/artifact.ts";
import type { Failure } from "../../../../model/failure.ts";
import type { Hash } from "../../../../model/hash.ts";
import type { ArtifactDraft, DraftContent } from "../../artifact-draft.ts";
import type { ReportedFigure, ReportedPoint, ReportedUpload } from "../../recorder.ts";
import type { StepEnd } from "../run-step.ts";
import type { StepCall } from "../step-call.ts";

export type ToWorker =
  | ({ kind: "run" } & SentCalls)
  /** The call of that number, if it runs. */
  | { kind: "abort"; number: number }
  | { kind: "end" }
  /** To the question of that number: an answer, which may be nothing, or why there is none. */
  | { kind: "answer"; to: number; value?: unknown; refused?: string };

/** They run one after the other, and each is answered as it ends. */
export type SentCalls = {
  calls: StepCall[];
  /** The number of the first in the process's life. */
  first: number;
  /** They come after others that the agent has no answer of. Where one of these must be the last, they do not begin. */
  behind?: true;
  /** How often the agent had taken back what had not begun. */
  shuts: number;
};

export type FromWorker =
  | { kind: "ready" }
  | { kind: "reports"; points: SentPoint[]; figures: ReportedFigure[]; progress?: number }
  | { kind: "announce" | "withdraw"; upload: ReportedUpload }
  | { kind: "question"; number: number; question: Question }
  | ({ kind: "returned"; output?: string } & Ended)
  /** `spoiled`: something of the step may still run in that process, so that no other step should: it is the last. */
  | ({ kind: "threw"; failure: Failure; spoiled?: true } & Ended)
  /** What the step has printed is out. */
  | { kind: "printed" };

/** `ms`: of the step alone. `printing`: the agent has not taken all that the step has printed; the process says when it has, and this step is the last until then. */
type Ended = { ms: number; printing?: true };

export function endOf(message: FromWorker & { kind: "returned" | "threw" }): StepEnd {
  if (message.kind === "threw") return { end: "threw", failure: message.failure };
  return message.output === undefined ? { end: "returned" } : { end: "returned", output: message.output };
}

export type Question =
  /** Keep it. The answer is the artifact. */
  | { kind: "artifact"; draft: SentDraft }
  /** Where the content lies. */
  | { kind: "content"; hash: Hash }
  /** Another task's artifact. */
  | { kind: "find"; task: string; name: string; role: ArtifactRole }
  | { kind: "saveCheckpoint"; text: string }
  | { kind: "loadCheckpoint" };

export type SentDraft = Omit<ArtifactDraft, "content"> & {
  content: { base64: string } | Exclude<DraftContent, { whole: Uint8Array }>;
};

export function sentDraft({ content, ...draft }: ArtifactDraft): SentDraft {
  if (!("whole" in content)) return { ...draft, content };
  const { buffer, byteOffset, byteLength } = content.whole;
  return { ...draft, content: { base64: Buffer.from(buffer, byteOffset, byteLength).toString("base64") } };
}

export function receivedDraft({ content, ...draft }: SentDraft): ArtifactDraft {
  return { ...draft, content: "base64" in content ? { whole: Buffer.from(content.base64, "base64") } : content };
}

/** JSON has no word for `NaN` and the infinities, which losses like to become. */
export type SentPoint = Omit<ReportedPoint, "value"> & { value: number | string };

export const sentPoint = (point: ReportedPoint): SentPoint =>
  Number.isFinite(point.value) ? point : { ...point, value: String(point.value) };

export const receivedPoint = (point: SentPoint): ReportedPoint => ({ ...point, value: Number(point.value) });
