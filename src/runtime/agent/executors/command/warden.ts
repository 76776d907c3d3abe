/** The program that runs one command for an agent: it leads the command's process group, tells how the command has ended, and ends it when the agent is gone. */
import { spawn } from "node:child_process";
import type { FromWarden, ToWarden } from "./protocol.ts";

// Such a signal goes to the whole group: it is the command's to heed.
process.on("SIGTERM", () => {});
process.on("disconnect", () => process.kill(process.platform === "win32" ? process.pid : -process.pid, "SIGKILL"));
process.once("message", run);

function run({ run: [program, ...args], folder, env }: ToWarden): void {
  try {
    const command = spawn(program!, args, { cwd: folder, env, stdio: ["ignore", "inherit", "inherit"] });
    command.on("error", refused);
    command.on("exit", (code, signal) => end({ code, signal }));
  } catch (error) {
    // What is too long is refused at once.
    refused(error as NodeJS.ErrnoException);
  }
}

const refused = ({ code, message }: NodeJS.ErrnoException): void => end({ unstarted: code ?? message });
const end = (message: FromWarden): void => void process.send!(message, () => process.exit());
