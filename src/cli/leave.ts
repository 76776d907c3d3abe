/** A run that agents elsewhere run need not end with the command that shows it: after Ctrl-C, a key says what becomes of it. */
import type { ReadStream } from "node:tty";

export const leaveQuestion = "the run goes on elsewhere: d leaves it to itself, a aborts it";

/** Ctrl-C again leaves it to itself too. */
export function askToLeave(
  terminal: Pick<ReadStream, "on" | "off" | "setRawMode" | "resume" | "pause"> = process.stdin,
): Promise<"detach" | "abort"> {
  const { promise, resolve } = Promise.withResolvers<"detach" | "abort">();
  const hear = (keys: Buffer) => {
    const answer = answerIn(keys.toString("latin1"));
    if (answer === undefined) return;
    terminal.off("data", hear);
    terminal.setRawMode(false);
    terminal.pause();
    resolve(answer);
  };
  terminal.setRawMode(true);
  terminal.on("data", hear);
  terminal.resume();
  return promise;
}

const ctrlC = "\x03";

function answerIn(keys: string): "detach" | "abort" | undefined {
  if (/a/i.test(keys)) return "abort";
  return /d/i.test(keys) || keys.includes(ctrlC) ? "detach" : undefined;
}
