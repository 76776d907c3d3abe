/** What plain calls keep, outside a run: in a folder that is gone when the process ends. */
import { rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  Artifact,
  type ArtifactRole,
  checkArtifactName,
  checkMetadata,
  isArtifact,
  type ModelFacts,
  readPlainArtifactsBy,
} from "../model/artifact.ts";
import type { ArtifactContent, ArtifactOptions } from "../model/context.ts";
import type { Hash } from "../model/hash.ts";
import { contentOf } from "./content.ts";
import { readerOf } from "./reader.ts";
import { spool } from "./spool.ts";

/** One for all copies of this module. */
const folder = join(tmpdir(), `reprise-plain-${process.pid}-${Math.round(performance.timeOrigin)}`);
const fileOf = (hash: Hash) => join(folder, hash.slice("sha256:".length));
/** By task, role and name. */
const kept = new Map<string, Artifact>();
let begun = false;

const reader = readerOf(async (hash) => fileOf(hash));

/** As a run keeps, finds and reads them. */
export const plainArtifacts = {
  keep,
  find: (task: string, role: ArtifactRole, name: string): Artifact | undefined => kept.get(key(task, role, name)),
  reader,
};

type Given = { task: string; role: ArtifactRole; name: string; content: ArtifactContent; options: ArtifactOptions };

async function keep({ task, role, name, content, options }: Given, model?: ModelFacts): Promise<Artifact> {
  checkArtifactName(name);
  const { metadata } = options;
  if (metadata !== undefined) checkMetadata(metadata, name);
  begin();
  const facts = { task, name, ...(metadata && { metadata }), ...(model && { model }) };
  const artifact = new Artifact({ ...facts, ...(await stored(name, content, options)) });
  kept.set(key(task, role, name), artifact);
  return artifact;
}

async function stored(name: string, given: ArtifactContent, options: ArtifactOptions) {
  if (isArtifact(given)) {
    const { kind, type, hash, bytes } = given;
    return { kind, type: options.type ?? type, hash, bytes };
  }
  const { kind, type, chunks } = await contentOf(name, given, options);
  const { file, hash, bytes } = await spool(chunks, folder);
  await rename(file, fileOf(hash));
  return { kind, type, hash, bytes };
}

function begin(): void {
  if (begun) return;
  begun = true;
  readPlainArtifactsBy(reader);
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
}

const key = (task: string, role: ArtifactRole, name: string): string => JSON.stringify([task, role, name]);
