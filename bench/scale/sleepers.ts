/**
 * Controllers that sleep: `sleepers.ts JSON FOLDER COUNT` enqueues COUNT runs of a pipeline that waits for long, and starts an agent of `services` in a process of
 * its own. When all wait, prints how much memory that process, and those that it has started, take.
 */
import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { open } from "../../src/open.ts";

const [json = "", folder = "", count = "200"] = process.argv.slice(2);
const reprise = await open({ store: folder, agents: [] });
const pipeline = JSON.parse(readFileSync(json, "utf8"));
const sleeping = new Set<string>();
const all = Promise.withResolvers<void>();
for (let i = 0; i < Number(count); i++) {
  const { id } = await reprise.start(pipeline, {}, { id: `r${i}`, queue: "services" });
  reprise.store.events.follow(id, 0, (events) => {
    if (events.some(({ kind }) => kind === "waiting")) sleeping.add(id);
    if (sleeping.size === Number(count)) all.resolve();
  });
}
const main = join(import.meta.dirname, "../../src/cli/main.ts");
const agent = spawn(
  process.execPath,
  ["--conditions=reprise-source", main, "agent", "--queue", "services", "--store", folder],
  { stdio: ["ignore", "ignore", "inherit"] },
);
await Promise.race([
  all.promise,
  new Promise((_, reject) => agent.once("exit", (code) => reject(new Error(`the agent ended with ${code}`)))),
]);
const rssMb = memoryOf(agent.pid!);
agent.kill("SIGKILL");
await reprise.close();
console.log(JSON.stringify({ sleeping: sleeping.size, rssMb }));

/** In megabytes, of a process and its children at any depth. Linux only. */
function memoryOf(pid: number): number {
  const of = (id: number) => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? 0);
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each)))
    try {
      const stat = readFileSync(`/proc/${name}/stat`, "utf8");
      const parent = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    } catch {
      // It has ended meanwhile.
    }
  const sum = (id: number): number => of(id) + (children.get(id) ?? []).map(sum).reduce((a, b) => a + b, 0);
  return sum(pid) / 1_024;
}
