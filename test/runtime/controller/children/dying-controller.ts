/** A process whose graph is stuck in a process of its own: it prints that one's id, and waits to be killed. */
import { execFileSync } from "node:child_process";
import { systemClock } from "../../../../src/model/clock.ts";
import { limitsOf, OwnProcess } from "../../../../src/runtime/controller/own-process.ts";
import type { Blobs } from "../../../../src/runtime/ports.ts";
import { pipelineOf } from "../programs.ts";

const { graph } = pipelineOf({}, [
  {
    kind: "let",
    id: "bomb",
    value: {
      kind: "apply",
      callee: { kind: "member", of: { kind: "regexp", source: "^(a+)+$", flags: "" }, key: "test" },
      args: [`${"a".repeat(60)}!`],
    },
  },
]);
const program = { name: "stuck", graph, pipelines: new Map(), unread: new Set<string>() };
const history = {
  created: new Set<string>(),
  waits: { untils: new Map(), fired: new Set<string>() },
  decided: new Set<string>(),
};
const own = new OwnProcess(
  { run: "r", program, budget: 1_000, history, chances: new Map(), since: 0, attempt: 1 },
  { blobs: {} as Blobs, clock: systemClock, ...limitsOf(1_000), patienceMs: 600_000 },
);
void own.start(undefined);
const children = execFileSync("ps", ["-o", "pid=,args=", "--ppid", String(process.pid)], { encoding: "utf8" });
console.log(Number.parseInt(children.split("\n").find((line) => line.includes("own-process/child"))!, 10));
