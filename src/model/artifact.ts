/** Artifacts: the named products of a task. Content is kept once, by its hash; a task, a step's input or a result refers to it. */
import { stepContext } from "./context.ts";
import type { Hash } from "./hash.ts";
import type { Json } from "./json.ts";
import type { TaskId } from "./task.ts";

/** What it was made of. A folder is kept as a tar archive, a table as JSON or CSV. */
export type ArtifactKind = "text" | "json" | "bytes" | "file" | "folder" | "table";

/** What a task took, or what it made. */
export type ArtifactRole = "input" | "output";

export type Metadata = { [key: string]: Json };

/** What makes an artifact a model. */
export type ModelFacts = {
  /** What it was trained with, and what reads it. */
  framework?: string;
  /** What its outputs stand for, in their order. */
  labels?: string[];
};

/** What whoever holds a reference knows of it. */
export type ArtifactFacts = {
  task: TaskId;
  name: string;
  kind: ArtifactKind;
  /** MIME type. */
  type: string;
  hash: Hash;
  bytes: number;
  metadata?: Metadata;
  model?: ModelFacts;
};

/** As the store keeps it. */
export type KeptArtifact = ArtifactFacts & {
  role: ArtifactRole;
  attempt: number;
  /** The beginning, as text, where there is one to read. */
  preview?: string;
  createdAt: number;
};

/** Fetches content, in pieces: it never has to fit into memory. Who runs a step, or holds a store, brings one. */
export interface ArtifactReader {
  chunks(artifact: ArtifactFacts): AsyncIterable<Uint8Array>;
  copy(artifact: ArtifactFacts, path: string): Promise<void>;
  unpack(artifact: ArtifactFacts, path: string): Promise<void>;
  entries(artifact: ArtifactFacts): Promise<ArchiveEntry[]>;
}

/** A file in a folder that was kept. */
export type ArchiveEntry = { path: string; bytes: number };

/** Global: a bundle has its own copy of this module. */
const brand = Symbol.for("reprise.artifact");
const plainReader = Symbol.for("reprise.plainArtifacts");
const shared = globalThis as { [plainReader]?: ArtifactReader };

/**
 * An artifact by reference: small, whatever the size of the content, so that steps pass it on and a pipeline's body hands it around. The content
 * is fetched where it is read: in a step, in a plain call, or by the program that holds the result.
 *
 *     const score = step(async ({ model }: { model: Artifact }) => evaluate(await model.json<Tree>()));
 */
export class Artifact {
  readonly task: TaskId;
  readonly name: string;
  readonly kind: ArtifactKind;
  /** MIME type. */
  readonly type: string;
  readonly hash: Hash;
  readonly bytes: number;
  declare readonly metadata?: Metadata;
  declare readonly model?: ModelFacts;
  readonly #reader: ArtifactReader | undefined;

  constructor({ task, name, kind, type, hash, bytes, metadata, model }: ArtifactFacts, reader?: ArtifactReader) {
    this.task = task;
    this.name = name;
    this.kind = kind;
    this.type = type;
    this.hash = hash;
    this.bytes = bytes;
    if (metadata !== undefined) this.metadata = metadata;
    if (model !== undefined) this.model = model;
    this.#reader = reader;
    Object.freeze(this);
  }

  /** The content in pieces, checked against its hash: whoever reads to the end has what was kept. */
  async *stream(): AsyncGenerator<Uint8Array, void, undefined> {
    yield* this.#read().chunks(this);
  }

  /** The whole content; `stream` and `file` do without holding it in memory. */
  async buffer(): Promise<Buffer> {
    return Buffer.concat(await Array.fromAsync(this.stream()));
  }

  /** As UTF-8. */
  async text(): Promise<string> {
    return (await this.buffer()).toString("utf8");
  }

  /** Of JSON, and of a table that was kept as JSON. Rejects with a TypeError that names the artifact for what is no JSON. */
  async json<T = unknown>(): Promise<T> {
    const text = await this.text();
    try {
      return JSON.parse(text) as T;
    } catch (error) {
      throw new TypeError(`the artifact "${this.name}" (${this.type}) is no JSON: ${(error as Error).message}`);
    }
  }

  /** Writes the content to that path, over what is there. Gives the path. */
  async file(path: string): Promise<string> {
    await this.#read().copy(this, path);
    return path;
  }

  /** Makes the folder that was kept, at a path where none is, or an empty one. Nothing in it leads outside. Gives the path. */
  async folder(path: string): Promise<string> {
    this.#assertFolder();
    await this.#read().unpack(this, path);
    return path;
  }

  /** The files of a folder that was kept, in order. */
  async entries(): Promise<ArchiveEntry[]> {
    this.#assertFolder();
    return this.#read().entries(this);
  }

  get [Symbol.toStringTag](): string {
    return "Artifact";
  }

  get [brand](): true {
    return true;
  }

  #read(): ArtifactReader {
    const reader = this.#reader ?? stepContext.getStore()?.reader ?? shared[plainReader];
    if (reader === undefined)
      throw new Error(
        `the content of the artifact "${this.name}" cannot be read here: a step reads it, or the program that has the run's result`,
      );
    return reader;
  }

  #assertFolder(): void {
    if (this.kind !== "folder")
      throw new TypeError(`the artifact "${this.name}" is of the kind ${this.kind}, not a folder`);
  }
}

export function isArtifact(value: unknown): value is Artifact {
  return typeof value === "object" && value !== null && (value as { [brand]?: unknown })[brand] === true;
}

/** Reads what plain calls have kept, until the process ends; one for all copies of this module. */
export function readPlainArtifactsBy(reader: ArtifactReader): void {
  shared[plainReader] ??= reader;
}

/** What travels of a reference. */
export function artifactFacts({ task, name, kind, type, hash, bytes, metadata, model }: ArtifactFacts): ArtifactFacts {
  return { task, name, kind, type, hash, bytes, ...(metadata && { metadata }), ...(model && { model }) };
}

const longestName = 200;

/** A name stands in lists, addresses and paths of files. Throws a TypeError that says what is wrong with it. */
export function checkArtifactName(name: unknown): asserts name is string {
  const reason = wrongName(name);
  if (reason)
    throw new TypeError(
      `${typeof name === "string" ? JSON.stringify(name) : typeof name} cannot name an artifact: ${reason}`,
    );
}

function wrongName(name: unknown): string | undefined {
  if (typeof name !== "string" || name === "") return "give a text of at least one character";
  if (name.length > longestName) return `it has more than ${longestName} characters`;
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
  if (/[\x00-\x1f\x7f\\]/.test(name)) return 'it holds a control character or "\\"';
  if (name.split("/").some((part) => part === "" || part === "." || part === ".."))
    return 'between slashes, nothing, "." and ".." lead elsewhere';
  return undefined;
}

const largestMetadata = 32 * 1024;

/** Throws a TypeError where it is no plain JSON object, or too large. */
export function checkMetadata(metadata: unknown, name: string): asserts metadata is Metadata {
  const text =
    typeof metadata === "object" && metadata !== null && !Array.isArray(metadata)
      ? JSON.stringify(metadata)
      : undefined;
  if (text === undefined) throw new TypeError(`the metadata of the artifact "${name}" is not an object of JSON values`);
  if (Buffer.byteLength(text) > largestMetadata)
    throw new TypeError(
      `the metadata of the artifact "${name}" is larger than 32 KB: keep it as an artifact of its own`,
    );
}
