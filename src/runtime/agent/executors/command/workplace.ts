/** Where an attempt at a command works: a new folder of this machine, which only its user may enter, and which goes when the attempt has ended. */
import { lstat, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readerOf } from "../../../../artifacts/reader.ts";
import type { ArtifactFacts } from "../../../../model/artifact.ts";
import type { Hash } from "../../../../model/hash.ts";
import { type Json, maxBytes, parseJson } from "../../../../model/json.ts";
import type { Blobs } from "../../../ports.ts";

export interface Workplace extends AsyncDisposable {
  /** Where the program starts, among the task's files. */
  readonly folder: string;
  /** The path of a JSON file with the parameters. */
  readonly parameters: string;
  /** The path of a file that is not there yet: the program may write its output there, as JSON. */
  readonly output: string;
  /** `files`: the archive of the task's files, among the contents. Rejects with a sentence where it is not there, or damaged. */
  fill(files: Hash | undefined, parameters: Json): Promise<void>;
  /** `undefined` where none was written. Rejects with an Error where it is no JSON, or no file. */
  readOutput(): Promise<Json | undefined>;
}

/** It lies outside of the store, and of any project: a program finds there what it was given, and nothing else. */
export async function makeWorkplace(blobs: Pick<Blobs, "file">): Promise<Workplace> {
  const place = await mkdtemp(join(tmpdir(), "reprise-command-"));
  const folder = join(place, "files");
  const parameters = join(place, "parameters.json");
  const output = join(place, "output.json");
  return {
    folder,
    parameters,
    output,
    async fill(files, given) {
      await writeFile(parameters, JSON.stringify(given));
      if (files === undefined) await mkdir(folder);
      else await readerOf((hash) => blobs.file(hash)).unpack(archiveOf(files), folder);
    },
    readOutput: () => readOutput(output),
    // What somebody else holds there stays until the machine clears its temporary files.
    [Symbol.asyncDispose]: () => rm(place, { recursive: true, force: true, maxRetries: 2 }).catch(() => {}),
  };
}

const archiveOf = (hash: Hash): ArtifactFacts => ({
  task: "",
  name: "files",
  kind: "folder",
  type: "application/x-tar",
  hash,
  bytes: 0,
});

async function readOutput(file: string): Promise<Json | undefined> {
  const found = await lstat(file).catch(() => undefined);
  if (found === undefined) return undefined;
  if (!found.isFile()) throw new Error("what the command made in the place of its output is no file");
  if (found.size > maxBytes) throw new Error(`the output of the command is larger than ${maxBytes / 1024 / 1024} MB`);
  try {
    return parseJson(await readFile(file, "utf8"));
  } catch (error) {
    throw new Error(`the output of the command cannot be read: ${(error as Error).message}`);
  }
}
