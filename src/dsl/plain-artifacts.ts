/** What plain calls keep: in a folder that is gone when the process ends. */
import { rmSync } from "node:fs";
import { rename } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contentOf } from "../artifacts/content.ts";
import { readerOf } from "../artifacts/reader.ts";
import { spool } from "../artifacts/spool.ts";
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

/** One for all copies of this module. */
const folder = join(tmpdir(), `reprise-plain-${process.pid}-${Math.round(performance.timeOrigin)}`);
const fileOf = (hash: Hash) => join(folder, hash.slice("sha256:".length));
/** By task, role and name. */
const kept = new Map<string, Artifact>();
let begun = false;

export const plainReader = readerOf(async (hash) => fileOf(hash));

type Given = { task: string; role: ArtifactRole; name: string; content: ArtifactContent; options: ArtifactOptions };

/** As a run keeps it. */
export async function keepPlainly(
  { task, role, name, content, options }: Given,
  model?: ModelFacts,
): Promise<Artifact> {
  checkArtifactName(name);
  const { metadata } = options;
  if (metadata !== undefined) checkMetadata(metadata, name);
  begin();
  const facts = { task, name, ...(metadata && { metadata }), ...(model && { model }) };
  const artifact = new Artifact({ ...facts, ...(await stored(name, content, options)) });
  kept.set(key(task, role, name), artifact);
  return artifact;
}

export const findPlainly = (task: string, role: ArtifactRole, name: string): Artifact | undefined =>
  kept.get(key(task, role, name));

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
  readPlainArtifactsBy(plainReader);
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
}

const key = (task: string, role: ArtifactRole, name: string): string => JSON.stringify([task, role, name]);
