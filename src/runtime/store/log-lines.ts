/** The lines of a batch as one row. */
import type { KeptLine, LogLine } from "../../model/log.ts";
import type { TaskId } from "../../model/task.ts";

export type LogRow = { seq: number; first: number; attempt: number; lines: string };

type PackedLine = [at: number, stream: LogLine["stream"], text: string, level?: LogLine["level"]];

export const packedLines = (lines: readonly LogLine[]): string => JSON.stringify(lines.map(packed));

const packed = ({ at, stream, text, level }: LogLine): PackedLine =>
  level === undefined ? [at, stream, text] : [at, stream, text, level];

export function linesIn({ first, attempt, lines }: LogRow, task: TaskId): KeptLine[] {
  return (JSON.parse(lines) as PackedLine[]).map(([at, stream, text, level], i) => ({
    ...{ task, attempt, number: first + i, stream, text, at },
    ...(level !== undefined && { level }),
  }));
}
