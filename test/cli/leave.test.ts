import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { askToLeave } from "../../src/cli/leave.ts";

test.each([
  ["d", "detach"],
  ["A", "abort"],
  ["\x03", "detach"],
  ["xyz d", "detach"],
])("after Ctrl-C, the key %j means: %s", async (keys, answer) => {
  const modes: boolean[] = [];
  const terminal = Object.assign(new PassThrough(), {
    setRawMode(this: unknown, raw: boolean) {
      modes.push(raw);
      return this as never;
    },
  });
  const asked = askToLeave(terminal as unknown as typeof process.stdin);
  terminal.write("\r");
  terminal.write(keys);
  expect(await asked).toBe(answer);
  expect(modes).toEqual([true, false]);
});
