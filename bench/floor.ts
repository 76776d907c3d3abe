/**
 * The floor: the least that a durable engine on node:sqlite could do, as a contestant. A row for each task, a row for each of its two events; a step begins
 * when its inputs are committed; what one turn of the event loop asks for shares one transaction. No agents, no graph, no retries, no other processes.
 */
import { join } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";

type Count = { n: number };

const increment = ({ n }: Count): Count => ({ n: n + 1 });

let sql: Record<"insert" | "update" | "tell" | "begin" | "commit", StatementSync>;
let database: DatabaseSync;
let lastTask = 0;
let asked: { write(): void; resolve(): void }[] = [];

export async function setup({ dir }: { dir: string }): Promise<void> {
  database = new DatabaseSync(join(dir, "floor.db"));
  const durability = process.env.REPRISE_BENCH_DURABILITY ?? "normal";
  database.exec(`pragma journal_mode = wal; pragma synchronous = ${durability};
    create table task (id integer primary key, run integer not null, state text not null, input text, output text);
    create table event (seq integer primary key, task integer not null, kind text not null, body text not null, at integer not null)`);
  sql = {
    insert: database.prepare("insert into task (id, run, state, input) values (?, ?, ?, ?)"),
    update: database.prepare("update task set state = ?, output = ? where id = ?"),
    tell: database.prepare("insert into event (task, kind, body, at) values (?, ?, ?, ?)"),
    begin: database.prepare("begin immediate"),
    commit: database.prepare("commit"),
  };
}

export async function teardown(): Promise<void> {
  database.close();
}

export const chain = (steps: number): Promise<number> => timed(() => until(steps, 0));
/** Nothing is decided between two steps here: to rerun one is to run the next. */
export const loop = (reruns: number): Promise<number> => chain(reruns);
export const manyRuns = (runs: number, steps: number): Promise<number> =>
  timed(() => Promise.all(range(runs).map((run) => until(steps, run))));
export const fanout = (width: number, atOnce: number): Promise<number> => timed(() => parallel(width, atOnce));

async function until(steps: number, run: number): Promise<void> {
  let x = { n: 0 };
  let task = 0;
  await committed(() => {
    task = start(run, x);
  });
  while (x.n < steps) {
    x = increment(x);
    const [before, input] = [task, x];
    await committed(() => {
      end(before, input);
      if (input.n < steps) task = start(run, input);
    });
  }
}

/** So many at once are claimed as the slots are many; a slot is free when its step has returned. */
async function parallel(width: number, atOnce: number): Promise<void> {
  const first = lastTask + 1;
  await committed(() => {
    for (let i = 0; i < width; i++) sql.insert.run(++lastTask, 0, "queued", '{"n":0}');
  });
  let next = 0;
  let total = 0;
  const ends: Promise<void>[] = [];
  const work = async () => {
    while (next < width) {
      const task = first + next++;
      await committed(() => move(task, "running", null, { n: 0 }));
      const out = increment({ n: 0 });
      total += out.n;
      ends.push(committed(() => end(task, out)));
    }
  };
  await Promise.all(range(atOnce).map(work));
  await Promise.all(ends);
  await committed(() => end(start(0, { n: width }), { n: total }));
}

function start(run: number, input: Count): number {
  const body = JSON.stringify(input);
  sql.insert.run(++lastTask, run, "running", body);
  sql.tell.run(lastTask, "running", body, Date.now());
  return lastTask;
}

const end = (task: number, output: Count) => move(task, "completed", JSON.stringify(output), output);

function move(task: number, state: string, output: string | null, told: Count): void {
  sql.update.run(state, output, task);
  sql.tell.run(task, state, JSON.stringify(told), Date.now());
}

function committed(write: () => void): Promise<void> {
  return new Promise((resolve) => {
    if (asked.push({ write, resolve }) === 1) setImmediate(flush);
  });
}

function flush(): void {
  const batch = asked;
  asked = [];
  sql.begin.run();
  for (const { write } of batch) write();
  sql.commit.run();
  for (const { resolve } of batch) resolve();
}

async function timed(measure: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await measure();
  return performance.now() - begun;
}

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
