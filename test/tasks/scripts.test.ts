/** Scripts that make themselves tasks, in real processes: by hand, and by an agent. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Reprise } from "../../src/open.ts";
import { does, projectWith, train } from "./scripts.ts";

const served = [{ queues: ["default", "services"], slots: 1 }];
const newest = async (reprise: Reprise) => (await reprise.tasks.query({ limit: 1 }))[0]!;

describe("run by hand, a script", () => {
  test("is a task that ends with it; its defaults, output, metrics and lines are recorded; it can be cloned", async () => {
    const { reprise, run } = await projectWith({ "train.ts": train }, served);
    const ran = run("train.ts");
    expect((await ran.ended).code, ran.said.stderr).toBe(0);
    expect(ran.said.stdout).toBe("the rate is 0.8\n");
    const task = await newest(reprise);
    expect(task).toMatchObject({
      name: "train template",
      status: "completed",
      parameters: { rate: 0.8, steps: 3 },
      output: { rate: 0.8 },
    });
    expect(task.metric("loss", "validation")).toMatchObject({ count: 3 });
    expect((await task.logs()).map(({ text }) => text)).toEqual(["the rate is 0.8"]);
    const clone = await task.clone({ parameters: { rate: 0.1 } });
    expect(await (await clone.enqueue()).wait({ timeout: "30s" })).toMatchObject({
      status: "completed",
      output: { rate: 0.1 },
    });
    expect(await reprise.store.queue.agents()).toHaveLength(2);
  });

  test.each([
    ["throws", 'throw new RangeError("too deep");', 1, { name: "RangeError", message: "too deep" }],
    [
      "rejects where nobody listens",
      'void Promise.reject(new TypeError("lost"));',
      1,
      { name: "TypeError", message: "lost" },
    ],
    ["exits with a code", "process.exit(3);", 3, { name: "ExitError", message: "the script ended with exit code 3" }],
  ])("that %s fails, with its error", async (_, body, code, failure) => {
    const { reprise, run } = await projectWith({ "fails.ts": does(`console.log("before");\n${body}`) });
    const ran = run("fails.ts");
    expect((await ran.ended).code, ran.said.stderr).toBe(code);
    const task = await newest(reprise);
    expect(task.record).toMatchObject({ status: "failed", failure });
    expect((await task.logs()).map(({ text }) => text)).toContain("before");
  });

  const waits = does('console.log("waiting"); setInterval(() => {}, 1_000);');

  test("that is interrupted is aborted; one that is killed, too, as soon as somebody looks", async () => {
    const { reprise, run } = await projectWith({ "waits.ts": waits });
    for (const signal of ["SIGINT", "SIGKILL"] as const) {
      const ran = run("waits.ts");
      await expect.poll(() => ran.said.stdout, { timeout: 20_000 }).toContain("waiting");
      ran.child.kill(signal);
      expect(await ran.ended).toEqual({ code: null, signal });
      await reprise.store.queue.rescue(({ queues, pid }) => queues.length === 0 && pid === ran.child.pid);
      expect((await newest(reprise)).record).toMatchObject({
        status: "aborted",
        failure: { message: signal === "SIGINT" ? "interrupted (SIGINT)" : "its process is gone" },
      });
    }
  });

  test("that is aborted from outside hears of it, and ends", async () => {
    const { reprise, run } = await projectWith({
      "heeds.ts": does(
        'Task.current().signal.addEventListener("abort", () => process.exit(0)); setInterval(() => {}, 1_000); console.log("ready");',
      ),
    });
    const ran = run("heeds.ts");
    await expect.poll(() => ran.said.stdout, { timeout: 20_000 }).toContain("ready");
    const task = await newest(reprise);
    await task.abort("enough");
    expect((await ran.ended).code).toBe(0);
    expect((await task.reload()).record).toMatchObject({ status: "aborted", failure: { message: "enough" } });
  });

  test("may be several tasks, one after the other", async () => {
    const { reprise, run } = await projectWith({
      "several.ts": `import { Task } from "reprise";
        for (const n of [1, 2]) {
          const task = await Task.init({ project: "examples", name: \`task \${n}\` });
          await Task.init().catch((error) => console.log(error.message));
          Task.current().scalar("n", "n", n, 1);
          await task.close();
          console.log(task.status);
        }`,
    });
    const ran = run("several.ts");
    expect((await ran.ended).code, ran.said.stderr).toBe(0);
    expect(ran.said.stdout).toMatch(/^this process is the task \w+ already: .*\ncompleted\n/);
    const tasks = await reprise.tasks.query({ order: "name" });
    expect(tasks.map(({ name, status, metrics }) => [name, status, metrics[0]?.last])).toEqual([
      ["task 1", "completed", 1],
      ["task 2", "completed", 2],
    ]);
  });

  test("hands itself over to a queue, and runs there from the beginning with what it connected", async () => {
    const { reprise, run, folder, store } = await projectWith(
      {
        "moves.ts": does(`const { to } = await task.connect({ to: "" });
          console.log("first line");
          await task.executeRemotely({ queue: "default" });
          console.log("runs elsewhere");
          process.getBuiltinModule("fs").writeFileSync(process.env.REPRISE_STORE + "/moved", to);`),
      },
      served,
    );
    const ran = run("moves.ts");
    expect((await ran.ended).code, ran.said.stderr).toBe(0);
    expect(ran.said.stdout).toBe("first line\n");
    const task = await newest(reprise);
    expect(ran.said.stderr).toContain(`the task ${task.id} waits in the queue "default" now`);
    await task.wait({ timeout: "30s" });
    expect(task).toMatchObject({ status: "completed", record: { attempt: 2 } });
    expect((await task.logs()).map(({ text }) => text)).toEqual(["first line", "runs elsewhere"]);
    expect(existsSync(join(store, "moved")), folder).toBe(true);
  });

  test("keeps itself as a draft", async () => {
    const { reprise, run } = await projectWith({
      "draft.ts": does('await task.executeRemotely(); console.log("not by hand");'),
    });
    const ran = run("draft.ts");
    expect((await ran.ended).code).toBe(0);
    expect(await newest(reprise)).toMatchObject({ status: "draft" });
  });

  test("that does not compile runs all the same, but is nothing to clone from", async () => {
    const { reprise, run } = await projectWith({ "wrong.ts": does("const x: number = 'text'; console.log(x);") });
    const ran = run("wrong.ts");
    expect((await ran.ended).code).toBe(0);
    expect(ran.said.stderr).toContain("this task cannot be cloned to run elsewhere");
    const clone = await (await newest(reprise)).clone();
    await expect(clone.enqueue()).rejects.toThrow("no code that an agent could run");
  });
});

describe("run by an agent, a script", () => {
  const created = async (body: string, init?: string) => {
    const project = await projectWith({ "script.ts": does(body, init) }, served);
    return {
      ...project,
      task: await project.reprise.tasks.create({ script: join(project.folder, "script.ts"), name: "script" }),
    };
  };

  test.each([
    [
      "throws",
      'console.error("to stderr"); throw new RangeError("too deep");',
      { name: "RangeError", message: "too deep", at: "script.ts:3:35" },
    ],
    ["exits with a code", "process.exit(4);", { name: "ExitError", message: "the script ended with exit code 4" }],
  ])("that %s fails, with its error and its place", async (_, body, failure) => {
    const { task } = await created(body);
    const done = await (await task.enqueue()).wait({ timeout: "30s" });
    expect(done.record).toMatchObject({ status: "failed", failure });
  });

  test("gets a configuration in place of its own, and records what it was not told", async () => {
    const { task } = await created(
      `const net = await task.connectConfiguration("net", { layers: [1] });
       const more = await task.connectConfiguration("more", "as text", { description: "more of it" });
       task.returns({ net, more, ...(await task.connect({ late: true })) });`,
    );
    await task.setConfiguration("net", { layers: [9] });
    const done = await (await task.enqueue()).wait({ timeout: "30s" });
    expect(done).toMatchObject({
      output: { net: { layers: [9] }, more: "as text", late: true },
      parameters: { late: true },
    });
    expect(await done.configuration()).toEqual([
      { name: "more", text: "as text", description: "more of it" },
      { name: "net", json: { layers: [9] } },
    ]);
  });

  test("that is aborted hears of it, and is ended where it does not end", async () => {
    const { task } = await created(
      'Task.current().signal.addEventListener("abort", () => { console.log("heard"); process.exit(0); }); setInterval(() => {}, 1_000); console.log("ready");',
    );
    await task.enqueue();
    await expect.poll(async () => (await task.logs()).map(({ text }) => text), { timeout: 20_000 }).toContain("ready");
    expect(await task.abort("enough")).toBe(true);
    await expect.poll(async () => (await task.logs()).map(({ text }) => text), { timeout: 20_000 }).toContain("heard");
    expect((await task.reload()).record).toMatchObject({ status: "aborted", failure: { message: "enough" } });
  });

  test("has the environment and the secrets that it names, which are masked in what it prints and how it fails", async () => {
    const { reprise, folder, store } = await projectWith(
      {
        "script.ts": does('console.log(process.env.LEVEL, process.env.KEY); throw new Error("no " + process.env.KEY);'),
      },
      served,
    );
    writeFileSync(join(store, "secrets.env"), "KEY=not-for-the-log\n", { mode: 0o600 });
    const options = { env: { LEVEL: "high" }, secrets: ["KEY"] };
    const task = await reprise.tasks.create({ script: join(folder, "script.ts"), ...options });
    const done = await (await task.enqueue()).wait({ timeout: "30s" });
    expect(done.record).toMatchObject({ status: "failed", failure: { message: "no ***" } });
    expect((await done.logs()).map(({ text }) => text)).toContain("high ***");
  });

  test("that only waits for others holds no slot: with one slot, a controller and its task do not wait for each other", async () => {
    const { reprise, folder } = await projectWith(
      {
        "train.ts": train,
        "controller.ts": does(
          `const template = await Task.get({ project: "examples", name: "train template" });
           const clone = await Task.clone(template, { name: "clone" });
           await clone.updateParameters({ rate: 0.2 });
           await Task.enqueue(clone, { queue: "default" });
           task.returns({ loss: (await clone.wait({ timeout: "20s" })).metric("loss", "validation")?.last });`,
          '{ type: "controller" }',
        ),
      },
      [{ queues: ["default"], slots: 1 }],
    );
    await reprise.tasks.create({ project: "examples", name: "train template", script: join(folder, "train.ts") });
    const controller = await reprise.tasks.create({
      script: join(folder, "controller.ts"),
      type: "controller",
      queue: "default",
    });
    const done = await (await controller.enqueue()).wait({ timeout: "30s" });
    expect(done).toMatchObject({ status: "completed", output: { loss: expect.closeTo(0.2 / 3) } });
  });
});
