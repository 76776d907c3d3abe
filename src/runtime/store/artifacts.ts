/** Artifacts: the named products of a task, each a blob, and what is announced of them. */
import type { ArtifactKind, ArtifactRole, KeptArtifact } from "../../model/artifact.ts";
import type { Hash } from "../../model/hash.ts";
import { LimitError, limits } from "../../model/limits.ts";
import type { TaskId } from "../../model/task.ts";
import type { Artifacts, Events, Upload } from "../ports.ts";
import type { Tables } from "./tables.ts";

export class ArtifactTable implements Artifacts {
  readonly #tables: Tables;
  readonly #events: Pick<Events, "latest" | "follow">;

  constructor(tables: Tables, events: Pick<Events, "latest" | "follow">) {
    this.#tables = tables;
    this.#events = events;
  }

  put(artifact: KeptArtifact): Promise<void> {
    return this.#tables.database.write(() => putArtifact(this.#tables, artifact));
  }

  list(task: TaskId): Promise<KeptArtifact[]> {
    const { database } = this.#tables;
    return database.read(() => artifactsOf(this.#tables, task));
  }

  announce({ task, role, name, attempt }: Upload): Promise<void> {
    const { database, rows } = this.#tables;
    return database.write(() => {
      const sql = "insert or replace into uploads (task, role, name, attempt) values (?, ?, ?, ?)";
      database.run(sql, rows.ofId(task).key, role, name, attempt);
    });
  }

  withdraw({ task, role, name, attempt }: Upload): Promise<void> {
    const { database, rows, events } = this.#tables;
    return database.write(() => {
      const owner = rows.ofId(task);
      const sql = "delete from uploads where task = ? and role = ? and name = ? and attempt = ?";
      if (database.run(sql, owner.key, role, name, attempt).changes > 0)
        events.append(owner, Date.now(), { kind: "withdrawn", name });
    });
  }

  async find(
    task: TaskId,
    name: string,
    { role = "output", signal }: { role?: ArtifactRole; signal?: AbortSignal } = {},
  ): Promise<KeptArtifact | undefined> {
    signal?.throwIfAborted();
    if (await this.#isAnnounced(task, role, name)) await this.#arrival(task, role, name, signal);
    const { database } = this.#tables;
    return database.read(() => {
      const row = database.get<ArtifactRow>(
        `${selectArtifact} where t.id = ? and a.role = ? and a.name = ?`,
        task,
        role,
        name,
      );
      return row && keptIn(row, task);
    });
  }

  /** Resolves when nothing is announced any more: it has come, or its attempt is over. */
  async #arrival(task: TaskId, role: ArtifactRole, name: string, signal: AbortSignal | undefined): Promise<void> {
    const over = Promise.withResolvers<void>();
    const look = () =>
      this.#isAnnounced(task, role, name).then((announced) => {
        if (!announced) over.resolve();
      }, over.reject);
    const abort = () => over.reject(signal?.reason);
    signal?.addEventListener("abort", abort);
    // Followed before it is looked at again: nothing that happens in between is missed.
    const stop = this.#events.follow(task, await this.#events.latest(), look);
    void look();
    await over.promise.finally(() => {
      stop();
      signal?.removeEventListener("abort", abort);
    });
  }

  /** What an attempt announced that is over does not count. */
  #isAnnounced(task: TaskId, role: ArtifactRole, name: string): Promise<boolean> {
    const { database } = this.#tables;
    const sql = `select 1 from uploads u join tasks t on t.key = u.task
      where t.id = ? and u.role = ? and u.name = ? and t.status = 'running' and t.attempt = u.attempt`;
    return database.read(() => database.get(sql, task, role, name) !== undefined);
  }
}

/** Inside a read, or an operation: in the order in which they were kept. */
export function artifactsOf({ database }: Tables, task: TaskId): KeptArtifact[] {
  return database
    .all<ArtifactRow>(`${selectArtifact} where t.id = ? order by a.number`, task)
    .map((row) => keptIn(row, task));
}

/** Inside an operation. Throws a LimitError. */
export function putArtifact({ database, rows, events }: Tables, artifact: KeptArtifact): void {
  const { role, name, attempt, kind, type, hash, bytes, preview, metadata, model, createdAt } = artifact;
  const task = rows.ofId(artifact.task);
  const { count, latest } = database.get<{ count: number; latest: number }>(
    "select count(*) filter (where not (role = ? and name = ?)) as count, coalesce(max(number), 0) as latest from artifacts where task = ?",
    ...[role, name, task.key],
  )!;
  if (count >= limits.artifacts) throw new LimitError("artifacts", `artifact(${JSON.stringify(name)})`);
  database.run(
    `insert or replace into artifacts (task, role, name, number, attempt, kind, type, hash, bytes, preview, metadata, model, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    ...[task.key, role, name, latest + 1, attempt, kind, type, hash, bytes, preview],
    ...[metadata && JSON.stringify(metadata), model && JSON.stringify(model), createdAt],
  );
  database.run("delete from uploads where task = ? and role = ? and name = ?", task.key, role, name);
  events.append(task, Date.now(), { kind: "artifact", name });
}

/** Inside an operation: a clone takes what its template takes. Keys of the two tasks. */
export function copyInputs({ database }: Tables, from: number, to: number): void {
  database.run(
    `insert into artifacts (task, role, name, number, attempt, kind, type, hash, bytes, preview, metadata, model, created_at)
     select ?, role, name, number, 0, kind, type, hash, bytes, preview, metadata, model, created_at
     from artifacts where task = ? and role = 'input'`,
    to,
    from,
  );
}

function keptIn(row: ArtifactRow, task: TaskId): KeptArtifact {
  const { role, name, attempt, kind, type, hash, bytes } = row;
  return {
    ...{ task, role, name, attempt, kind, type, hash, bytes },
    ...(row.preview !== null && { preview: row.preview }),
    ...(row.metadata !== null && { metadata: JSON.parse(row.metadata) }),
    ...(row.model !== null && { model: JSON.parse(row.model) }),
    createdAt: row.created_at,
  };
}

const selectArtifact = "select a.* from artifacts a join tasks t on t.key = a.task";

type ArtifactRow = {
  role: ArtifactRole;
  name: string;
  attempt: number;
  kind: ArtifactKind;
  type: string;
  hash: Hash;
  bytes: number;
  preview: string | null;
  metadata: string | null;
  model: string | null;
  created_at: number;
};
