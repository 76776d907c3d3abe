/** The artifacts of plain calls. The runtime keeps them: what artifacts are made of is in no step's bundle, since a run brings its own. */
import type { plainArtifacts } from "../artifacts/plain.ts";
import type { Artifact, ArtifactReader, ArtifactRole } from "../model/artifact.ts";
import { runtime } from "./runtime.ts";

type PlainArtifacts = typeof plainArtifacts;

const loaded = async () => (await runtime<{ plainArtifacts: PlainArtifacts }>()).plainArtifacts;

export const keepPlainly = async (...given: Parameters<PlainArtifacts["keep"]>): Promise<Artifact> =>
  (await loaded()).keep(...given);

export const findPlainly = async (task: string, role: ArtifactRole, name: string): Promise<Artifact | undefined> =>
  (await loaded()).find(task, role, name);

export const plainReader: ArtifactReader = {
  async *chunks(artifact) {
    yield* (await loaded()).reader.chunks(artifact);
  },
  copy: async (artifact, path) => (await loaded()).reader.copy(artifact, path),
  unpack: async (artifact, path) => (await loaded()).reader.unpack(artifact, path),
  entries: async (artifact) => (await loaded()).reader.entries(artifact),
};
