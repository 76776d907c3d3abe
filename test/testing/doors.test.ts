/** A pipeline is tested alike through whichever door it came. */
import { describe, expect, test } from "vitest";
import releaseGraph from "../../examples/doors/release/builder.ts";
import Release from "../../examples/doors/release/class.ts";
import * as release from "../../examples/doors/release/code.ts";
import { testPipeline } from "../../src/testing/index.ts";

const params = { version: "1.0" };

describe("a class", () => {
  test("has its methods as steps, real or fake", async () => {
    const tested = await testPipeline(Release, { params, steps: { lint: () => ({ warnings: 9 }) } });
    expect(tested.result).toEqual({ released: false, failed: 0, warnings: 9 });
    expect(tested.callsOf("build")[0]!.output).toEqual({ file: "app-1.0.tgz", size: 40_000 });
  });

  test("may be the default export of a module", async () => {
    const tested = await testPipeline({ default: Release }, { params, steps: { lint: () => ({ warnings: 0 }) } });
    expect(tested.result).toMatchObject({ released: true });
  });
});

describe("a graph that a program puts together", () => {
  test("runs its nodes side by side, in the order of the test", async () => {
    const paths: string[] = [];
    const tested = await testPipeline(releaseGraph, {
      params,
      order: (held) => {
        paths.push(held.map(({ path }) => path).join(" "));
        return held.at(-1);
      },
    });
    expect(tested.result).toEqual({ released: true, url: "https://packages.example/app-1.0.tgz" });
    expect(paths).toEqual(["built", "testing linting", "testing", "publish"]);
  });

  test("knows its steps by a module beside it", async () => {
    const { build, lint, publish, runTests } = release;
    const subject = { build, lint, publish, runTests, default: releaseGraph };
    const tested = await testPipeline(subject, { params, steps: { lint: () => ({ warnings: 9 }) } });
    expect(tested.result).toEqual({ released: false, failed: 0, warnings: 9 });
    expect(tested.callsOf("lint")[0]!.input.file).toBe("app-1.0.tgz");
  });
});

test("the same pipeline as functions comes to the same", async () => {
  const tested = await testPipeline(release, { params, crashAfter: "every event" });
  expect(tested.result).toEqual({ released: true, url: "https://packages.example/app-1.0.tgz" });
});
