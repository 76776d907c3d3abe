/** What this process prints, heard on its way to where it goes. */
import type { LogLevel, LogLine } from "../model/log.ts";
import { cutLines } from "../runtime/agent/executors/process/console-lines.ts";

/** Gives the streams back as they were; a last line without its end is heard then. */
export function heardOutput(heard: (stream: LogLine["stream"], text: string, level?: LogLevel) => void): () => void {
  const undo = (["stdout", "stderr"] as const).map((name) => {
    const stream = process[name];
    const write = stream.write;
    const cutter = cutLines((text, level) => heard(name, text, level));
    stream.write = ((chunk: string | Uint8Array, ...rest: []) => {
      cutter.write(typeof chunk === "string" ? chunk : Buffer.from(chunk).toString("utf8"));
      return write.call(stream, chunk, ...rest);
    }) as typeof write;
    return () => {
      cutter.end();
      stream.write = write;
    };
  });
  return () => {
    for (const giveBack of undo) giveBack();
  };
}
