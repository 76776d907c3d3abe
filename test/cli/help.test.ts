/** The help texts of all commands. */
import type { Command } from "commander";
import { expect, test } from "vitest";
import { program } from "../../src/cli/program.ts";
import { said } from "./in-process.ts";

/** Those that do something, as they are typed. */
const commands = (command: Command, path: string[] = []): string[] =>
  command.commands.length === 0
    ? [path.join(" ")]
    : command.commands.flatMap((each) => commands(each, [...path, each.name()]));

/** What they write is no answer: a JSON, a picture, an agent's word. */
const withoutJson = ["compile", "graph", "agent"];

test.each(["", ...commands(program())])(
  "reprise %s: its help has an example, and a way to answer programs",
  async (command) => {
    const { code, stdout } = await said(...command.split(" ").filter(Boolean), "--help");
    expect(code).toBe(0);
    expect(stdout).toMatch(/\nExamples?:\n {2}reprise /);
    if (command !== "") expect(stdout.includes("--json")).toBe(!withoutJson.includes(command));
  },
);
