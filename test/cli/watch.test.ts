/** What is watched on a terminal: drawn again in its place, until Ctrl-C. */
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { watch } from "../../src/cli/watch.ts";

/** One of so many rows, and what was written to it. */
function terminal(rows: number) {
  const stream = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows });
  const said = { text: "" };
  stream.on("data", (chunk) => {
    said.text += stripVTControlCharacters(String(chunk));
  });
  return { stream: stream as unknown as NodeJS.WriteStream, said };
}

test("what changes is drawn again, no higher than the terminal, until Ctrl-C", async () => {
  const { stream, said } = terminal(4);
  let looks = 0;
  const watched = watch(async () => {
    looks += 1;
    if (looks === 3) process.emit("SIGINT");
    return [`look ${looks}`, "b", "c", "below the screen"];
  }, stream);
  await watched;
  expect(looks).toBe(3);
  expect(said.text).toMatch(/look 1[\s\S]*look 2[\s\S]*look 3\nb\nc/);
  expect(said.text).not.toContain("below");
});

test("what cannot be read ends it with the error", async () => {
  const { stream } = terminal(4);
  await expect(watch(() => Promise.reject(new Error("the store is gone")), stream)).rejects.toThrow(
    "the store is gone",
  );
  expect(process.listenerCount("SIGTERM")).toBe(0);
});
