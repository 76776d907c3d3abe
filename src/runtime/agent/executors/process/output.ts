/** What a step process prints, on its way to lines: read as it comes, and up to its end when a step has ended. */
import { readSync } from "node:fs";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import type { LogLevel } from "../../../../model/log.ts";
import { findBoundaries } from "./boundary.ts";
import { cutLines } from "./console-lines.ts";

export interface Output {
  readonly stream: Readable;
  /** Reads all that was printed before this call. Stops early where `enough` says so. */
  read(enough?: () => boolean): void;
  /** What is printed from now on is another's: ends the line that was left open. */
  endLine(): void;
}

export type OutputListener = {
  line(text: string, level?: LogLevel): void;
  /** Hears what was read, before its lines. Where it gives a promise, no more is read until that has resolved. */
  text(text: string): Promise<void> | undefined;
  /** May the step of that number begin? Else what looks like its mark is text. */
  isToCome(number: number): boolean;
  /** What follows is of the step of that number. */
  begins(number: number): void;
  /** Nobody holds the other end any more. */
  end(): void;
};

/** As much as a pipe holds is read at once. */
const chunk = Buffer.allocUnsafeSlow(64 * 1024);

export function outputOf(stream: Readable, listener: OutputListener): Output {
  const decoder = new StringDecoder("utf8");
  const cutter = cutLines(listener.line);
  const boundaries = findBoundaries(
    (text) => cutter.write(text),
    (number) => {
      if (!listener.isToCome(number)) return false;
      cutter.end();
      listener.begins(number);
      return true;
    },
  );
  // Node has no other way to ask whether a pipe is empty. Where there is no such number (Windows), the rest comes as `data`, perhaps to the next step.
  const fd = (stream as { _handle?: { fd?: number } })._handle?.fd;

  function take(bytes: Buffer): Promise<void> | undefined {
    const text = decoder.write(bytes);
    const room = listener.text(text);
    boundaries.write(text);
    return room;
  }

  function endLine(): void {
    boundaries.end();
    cutter.end();
  }

  /** Until nothing is left, which a stream that does not block says by throwing: an error whose stack nobody reads, and which costs most of the call. */
  function readPipe(enough?: () => boolean): void {
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    try {
      for (let bytes = 1; bytes > 0 && !enough?.(); ) {
        bytes = readSync(fd!, chunk);
        if (bytes > 0) void take(chunk.subarray(0, bytes));
      }
    } catch {
      // It is empty, or closed.
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  stream.on("data", (bytes: Buffer) => {
    const room = take(bytes);
    if (room === undefined) return;
    stream.pause();
    void room.then(() => stream.resume());
  });
  stream.on("end", () => {
    endLine();
    listener.end();
  });
  return {
    stream,
    read(enough) {
      // Each is told as `data`.
      while (stream.readableLength > 0) stream.read();
      readPipe(enough);
    },
    endLine,
  };
}
