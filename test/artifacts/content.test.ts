import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { beforeEach, describe, expect, test } from "vitest";
import { contentOf } from "../../src/artifacts/content.ts";
import { spool } from "../../src/artifacts/spool.ts";
import type { ArtifactContent, ArtifactOptions } from "../../src/model/context.ts";
import { hashOf } from "../../src/model/hash.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "reprise-content-"));
  return () => rm(folder, { recursive: true, force: true });
});

async function kept(given: ArtifactContent, options?: ArtifactOptions) {
  const content = await contentOf("it", given, options);
  const { file, hash, bytes } = await spool(content.chunks, folder);
  const text = await readFile(file, "utf8");
  expect([hash, bytes]).toEqual([hashOf(text), Buffer.byteLength(text)]);
  const { kind, type } = content;
  return { kind, type, text, preview: content.preview() };
}

describe("content", () => {
  test("is text, bytes, a stream, or JSON, by what it is", async () => {
    expect(await kept("größe")).toEqual({ kind: "text", type: "text/plain", text: "größe", preview: "größe" });
    expect(await kept(Buffer.from("x"))).toEqual({
      kind: "bytes",
      type: "application/octet-stream",
      text: "x",
      preview: undefined,
    });
    expect(await kept([1, { a: null }])).toMatchObject({ kind: "json", type: "application/json" });
    const stream = Readable.from(["one\n", Buffer.from("two\n")]);
    expect(await kept(stream, { type: "text/plain" })).toEqual({
      ...{ kind: "bytes", type: "text/plain", text: "one\ntwo\n", preview: "one\ntwo\n" },
    });
  });

  test("of a file has the type that its name says, and a beginning where that is text", async () => {
    const file = join(folder, "report.md");
    await writeFile(file, "é".repeat(5_000));
    expect(await kept(file, { kind: "file" })).toMatchObject({
      kind: "file",
      type: "text/markdown",
      preview: "é".repeat(400),
    });
    const image = join(folder, "x.PNG");
    await writeFile(image, "x");
    expect(await kept(image, { kind: "file" })).toEqual({
      kind: "file",
      type: "image/png",
      text: "x",
      preview: undefined,
    });
  });

  test("that is none is refused, and nothing of it is left", async () => {
    await expect(kept((() => 1) as never)).rejects.toThrow('the artifact "it" is function: pass text, bytes');
    await expect(kept(folder, { kind: "file" })).rejects.toThrow("is no file");
    await expect(kept(join(folder, "none"), { kind: "folder" })).rejects.toThrow("cannot be read (ENOENT)");
    await expect(kept({}, { kind: "file" })).rejects.toThrow("give its path");
    await expect(kept(Readable.from([1]))).rejects.toThrow("its stream gave number");
    await expect(kept("x", { kind: "zip" as never })).rejects.toThrow('its kind is "zip"');
    await expect(spool(broken(), join(folder, "spool"))).rejects.toThrow("half way");
    expect(await readdir(join(folder, "spool"))).toEqual([]);
  });
});

async function* broken(): AsyncGenerator<Buffer> {
  yield Buffer.from("some");
  throw new Error("half way");
}

describe("a table", () => {
  const rows = [
    { species: "Adelie", mass: 3750, note: 'says "hi", often' },
    { species: "Gentoo", mass: null, note: "two\nlines" },
  ];

  test("is kept as JSON, or as CSV, and shown by its first rows", async () => {
    const table = await kept(rows, { kind: "table" });
    expect(table).toMatchObject({ kind: "table", type: "application/json" });
    expect(JSON.parse(table.text)).toEqual(rows);
    expect(table.preview).toBe(
      '2 rows, 3 columns\nspecies  mass  note\nAdelie   3750  says "hi", often\nGentoo         two lines',
    );
    expect((await kept(rows, { kind: "table", type: "text/csv" })).text).toBe(
      'species,mass,note\r\nAdelie,3750,"says ""hi"", often"\r\nGentoo,,"two\nlines"\r\n',
    );
  });

  test("may come as a stream, and may be empty", async () => {
    async function* many() {
      for (let i = 0; i < 10_000; i++) yield { i };
    }
    const table = await kept(many(), { kind: "table" });
    expect(JSON.parse(table.text)).toHaveLength(10_000);
    expect(table.preview?.split("\n")).toHaveLength(12);
    expect((await kept([], { kind: "table" })).text).toBe("[]");
  });

  test("has rows of the same columns", async () => {
    await expect(kept([{ a: 1 }, { b: 1 }], { kind: "table" })).rejects.toThrow(
      'row 1 has a column "b", which the first row has not',
    );
    await expect(kept([[1]], { kind: "table" })).rejects.toThrow("row 0 is no object");
    await expect(kept("x", { kind: "table" })).rejects.toThrow("a table is an array of rows");
    await expect(kept(rows, { kind: "table", type: "text/html" })).rejects.toThrow("not as text/html");
  });
});
