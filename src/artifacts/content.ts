/** What a step gives as an artifact, as bytes in pieces, with its kind, its type and a beginning to look at. */
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { ArchiveEntry, ArtifactKind } from "../model/artifact.ts";
import type { ArtifactContent, ArtifactOptions } from "../model/context.ts";
import { pack } from "./archive.ts";
import { isText, typeOfFile } from "./media-type.ts";
import { tableContent } from "./table.ts";

export type Content = {
  kind: ArtifactKind;
  /** MIME type. */
  type: string;
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  /** Of content that is in memory already. */
  bytes?: number;
  /** Known when the chunks have been read. */
  preview(): string | undefined;
};

export const previewLength = 400;
const previewedEntries = 20;

/**
 * By `options.kind` where it is given: the content is then the path of a file or a folder, or a table's rows. Else text and bytes, also from a stream,
 * are kept as they are, and anything else as JSON. Throws a TypeError, naming the artifact, for what does not fit.
 */
export async function contentOf(name: string, given: ArtifactContent, options: ArtifactOptions = {}): Promise<Content> {
  const { kind, type } = options;
  switch (kind) {
    case "file":
      return fileContent(name, pathOf(name, given), type);
    case "folder":
      return folderContent(name, pathOf(name, given));
    case "table":
      return tableContent(name, given, type);
    case undefined:
      return plainContent(name, given, type);
    default:
      throw new TypeError(`the artifact "${name}": its kind is "${kind}", and may be "file", "folder" or "table"`);
  }
}

function plainContent(name: string, given: ArtifactContent, type: string | undefined): Content {
  if (typeof given === "string") return whole("text", type ?? "text/plain", Buffer.from(given, "utf8"));
  if (given instanceof Uint8Array) return whole("bytes", type ?? "application/octet-stream", given);
  if (given instanceof ArrayBuffer) return whole("bytes", type ?? "application/octet-stream", new Uint8Array(given));
  if (isStream(given)) return streamed("bytes", type ?? "application/octet-stream", pieces(name, given));
  const json = JSON.stringify(given, null, 1);
  if (json === undefined)
    throw new TypeError(`the artifact "${name}" is ${typeof given}: pass text, bytes, a stream, or what JSON can hold`);
  return whole("json", type ?? "application/json", Buffer.from(json, "utf8"));
}

async function fileContent(name: string, path: string, type = typeOfFile(path)): Promise<Content> {
  if (!(await found(name, path)).isFile()) throw new TypeError(`the artifact "${name}": ${path} is no file`);
  return streamed("file", type, createReadStream(path, { highWaterMark: 256 * 1024 }));
}

async function folderContent(name: string, path: string): Promise<Content> {
  if (!(await found(name, path)).isDirectory()) throw new TypeError(`the artifact "${name}": ${path} is no folder`);
  let [count, size] = [0, 0];
  const first: string[] = [];
  const seen = (entry: ArchiveEntry) => {
    count += 1;
    size += entry.bytes;
    if (first.length < previewedEntries) first.push(`${entry.path} (${entry.bytes} bytes)`);
  };
  const chunks = pack(path, { seen });
  const more = () => (count > first.length ? [`… and ${count - first.length} more`] : []);
  return {
    kind: "folder",
    type: "application/x-tar",
    chunks,
    preview: () => [`${count} files, ${size} bytes`, ...first, ...more()].join("\n"),
  };
}

async function found(name: string, path: string) {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    throw new TypeError(`the artifact "${name}": ${path} cannot be read (${error.code ?? error.message})`);
  });
}

function pathOf(name: string, given: ArtifactContent): string {
  if (typeof given === "string" && given !== "") return given;
  if (given instanceof URL && given.protocol === "file:") return fileURLToPath(given);
  throw new TypeError(`the artifact "${name}": with a kind of file or folder, give its path, or its file: URL`);
}

function whole(kind: ArtifactKind, type: string, bytes: Uint8Array): Content {
  return { kind, type, chunks: [bytes], bytes: bytes.length, preview: () => previewOf(bytes, type) };
}

function streamed(kind: ArtifactKind, type: string, source: AsyncIterable<Uint8Array>): Content {
  let beginning = Buffer.alloc(0);
  async function* chunks() {
    for await (const piece of source) {
      if (beginning.length < previewLength * 4)
        beginning = Buffer.concat([beginning, piece.subarray(0, previewLength * 4)]);
      yield piece;
    }
  }
  return { kind, type, chunks: chunks(), preview: () => previewOf(beginning, type) };
}

/** Where the type says that it is text. A character that is cut at the end is left out. */
function previewOf(bytes: Uint8Array, type: string): string | undefined {
  if (!isText(type)) return undefined;
  const text = new TextDecoder().decode(bytes.subarray(0, previewLength * 4), { stream: true });
  return text.slice(0, previewLength);
}

type Stream = AsyncIterable<string | Uint8Array>;
const isStream = (given: unknown): given is Stream =>
  typeof given === "object" && given !== null && Symbol.asyncIterator in given;

async function* pieces(name: string, stream: Stream): AsyncGenerator<Uint8Array> {
  for await (const piece of stream) {
    if (typeof piece === "string") yield Buffer.from(piece, "utf8");
    else if (piece instanceof Uint8Array) yield piece;
    else throw new TypeError(`the artifact "${name}": its stream gave ${typeof piece}, neither text nor bytes`);
  }
}
