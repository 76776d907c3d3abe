/** Artifacts: the named products of a task, each a blob. */
import type { Artifact } from "../../model/artifact.ts";
import type { Hash } from "../../model/hash.ts";
import type { TaskId } from "../../model/task.ts";
import type { Artifacts } from "../ports.ts";
import type { BlobFolder } from "./blobs.ts";
import type { Tables } from "./tables.ts";

export class ArtifactTable implements Artifacts {
  readonly #tables: Tables;
  readonly #blobs: BlobFolder;

  constructor(tables: Tables, blobs: BlobFolder) {
    this.#tables = tables;
    this.#blobs = blobs;
  }

  async put(given: Omit<Artifact, "hash" | "bytes">, content: Uint8Array): Promise<Artifact> {
    const artifact: Artifact = { ...given, hash: await this.#blobs.put(content), bytes: content.length };
    await this.#tables.database.write(() => writeArtifact(this.#tables, artifact));
    return artifact;
  }

  list(task: TaskId): Promise<Artifact[]> {
    const { database } = this.#tables;
    return database.read(() =>
      database
        .all<ArtifactRow>(
          "select * from artifacts where task = (select key from tasks where id = ?) order by created_at, name",
          task,
        )
        .map((row) => ({
          task,
          attempt: row.attempt,
          name: row.name,
          hash: row.hash,
          bytes: row.bytes,
          type: row.type,
          ...(row.preview !== null && { preview: row.preview }),
          createdAt: row.created_at,
        })),
    );
  }
}

function writeArtifact({ database, rows, events }: Tables, artifact: Artifact): void {
  const task = rows.ofId(artifact.task);
  database.run(
    `insert or replace into artifacts (task, name, attempt, hash, bytes, type, preview, created_at) values (?, ?, ?, ?, ?, ?, ?, ?)`,
    task.key,
    artifact.name,
    artifact.attempt,
    artifact.hash,
    artifact.bytes,
    artifact.type,
    artifact.preview,
    artifact.createdAt,
  );
  events.append(task, Date.now(), { kind: "artifact", name: artifact.name });
}

type ArtifactRow = {
  name: string;
  attempt: number;
  hash: Hash;
  bytes: number;
  type: string;
  preview: string | null;
  created_at: number;
};
