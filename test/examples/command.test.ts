/** The example of a command, as its README says. */
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { splitCommand } from "../../src/model/command-line.ts";
import { reprise } from "../cli/command-line.ts";

const example = join(import.meta.dirname, "../../examples/command");
let env: { REPRISE_STORE: string };

beforeAll(async () => {
  env = { REPRISE_STORE: await mkdtemp(join(tmpdir(), "reprise-command-")) };
});
afterAll(() => rm(env.REPRISE_STORE, { recursive: true, force: true }));

test("a program in a file is a step of a pipeline, which calls it until it has done well", {
  timeout: 60_000,
}, async () => {
  const said = readFileSync(join(example, "README.md"), "utf8").match(/^reprise .*$/gm)!;
  const results = [];
  for (const line of said) results.push(await reprise(splitCommand(line).slice(1), { cwd: example, env }));
  expect(results.map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ""],
    [0, ""],
  ]);
  expect(results[1]!.stdout).toMatch(/\{ rate: 0\.4, loss: \d/);
  const templates = await reprise(["tasks", "--json", "--status", "draft"], { cwd: example, env });
  expect(JSON.parse(templates.stdout)).toMatchObject([{ name: "descend", project: "examples" }]);
});
