/** The program that sends the last words of a process that exits. */
import { text } from "node:stream/consumers";
import { Connection } from "./connection.ts";
import type { LastWords } from "./last-words.ts";

const { body, ...hub } = JSON.parse(await text(process.stdin)) as LastWords;
const connection = new Connection(hub);
try {
  await connection.ask({ verb: "POST", path: "/batch", body });
} catch (error) {
  process.stderr.write(`reprise: what the script has said last was lost: ${(error as Error).message}\n`);
  process.exitCode = 1;
}
connection.close();
