/** Three pipelines, each through the code door and through the class door. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, expectTypeOf, test } from "vitest";
import Release from "../../examples/doors/release/class.ts";
import release from "../../examples/doors/release/code.ts";
import SquareRoot from "../../examples/doors/square-root/class.ts";
import squareRoot from "../../examples/doors/square-root/code.ts";
import WordCount from "../../examples/doors/word-count/class.ts";
import wordCount from "../../examples/doors/word-count/code.ts";
import { open } from "../../src/open.ts";
import { compiledDoor, withoutPlaces } from "./doors.ts";

const doors = [
  { name: "square-root", code: squareRoot, Class: SquareRoot, params: [{}, { of: 9, tolerance: 0.1 }] },
  { name: "word-count", code: wordCount, Class: WordCount, params: [{ texts: ["One two three", "", "Straße"] }] },
  { name: "release", code: release, Class: Release, params: [{ version: "1.0" }, { version: "2.0-beta" }] },
] as const;

type Started = (params: unknown) => Promise<unknown>;

describe.each(doors)("$name", ({ name, code, Class, params }) => {
  test("has one graph, up to places", async () => {
    const [ofCode, ofClass] = await Promise.all([compiledDoor(name, "code"), compiledDoor(name, "class")]);
    expect(withoutPlaces(ofClass)).toEqual(withoutPlaces(ofCode));
  });

  test.each(params)("has one result for %j, called plainly and run", async (given) => {
    const store = await mkdtemp(join(tmpdir(), "reprise-doors-"));
    await using reprise = await open({ store, isolation: "inline" });
    const run = async (pipeline: unknown) => (await reprise.start(pipeline as Started, given)).result();
    const plain = await (code as Started)(given);
    expect(await (new Class().run as Started)(given)).toEqual(plain);
    expect(await run(code)).toEqual(plain);
    expect(await run(Class)).toEqual(plain);
    await reprise.close();
    await rm(store, { recursive: true });
  });
});

test("a class is started as a function is, typed by its body", () => {
  const starts = async (reprise: Awaited<ReturnType<typeof open>>) => {
    expectTypeOf(await (await reprise.start(SquareRoot)).result()).toEqualTypeOf<{ root: number; turns: number }>();
    expectTypeOf(await (await reprise.start(squareRoot)).result()).toEqualTypeOf<{ root: number; turns: number }>();
    // @ts-expect-error texts are needed
    await reprise.start(WordCount);
    // @ts-expect-error a version is a text
    await reprise.start(Release, { version: 1 });
  };
  expect(starts).toBeTypeOf("function");
});
