import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ArtifactRole, KeptArtifact } from "../model/artifact.ts";
import { type Hash, hashOf } from "../model/hash.ts";
import type { TaskId } from "../model/task.ts";
import type { ArtifactDraft, DraftContent } from "../runtime/agent/artifact-draft.ts";

/** What the steps of a trial make and leave for later attempts. Contents lie in a folder of its own, until it is over. */
export class Products {
  readonly #artifacts = new Map<string, KeptArtifact>();
  readonly #checkpoints = new Map<TaskId, string>();
  #folder: string | undefined;

  keep({ content, on: _, ...draft }: ArtifactDraft, owner: { task: TaskId; attempt: number }): KeptArtifact {
    const kept = { ...draft, ...this.#content(content), ...owner, createdAt: 0 };
    this.#artifacts.set(nameOf(owner.task, draft.role, draft.name), kept);
    return kept;
  }

  find(task: TaskId, name: string, role: ArtifactRole): KeptArtifact | undefined {
    return this.#artifacts.get(nameOf(task, role, name));
  }

  /** The path of a file that has the content, whether or not there is one. */
  file(hash: Hash): string {
    return join(this.#made(), hash.slice("sha256:".length));
  }

  /** Where large contents lie on their way. */
  get spool(): string {
    return join(this.#made(), "spool");
  }

  saveCheckpoint(task: TaskId, text: string): void {
    this.#checkpoints.set(task, text);
  }

  checkpoint(task: TaskId): string | undefined {
    return this.#checkpoints.get(task);
  }

  close(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }

  #content(content: DraftContent): { hash: Hash; bytes: number } {
    if ("whole" in content) {
      const hash = hashOf(content.whole);
      writeFileSync(this.file(hash), content.whole);
      return { hash, bytes: content.whole.length };
    }
    const { hash, bytes } = content;
    if ("file" in content) copyFileSync(content.file, this.file(hash));
    return { hash, bytes };
  }

  #made(): string {
    if (this.#folder === undefined) {
      this.#folder = mkdtempSync(join(tmpdir(), "reprise-trial-"));
      mkdirSync(join(this.#folder, "spool"));
    }
    return this.#folder;
  }
}

const nameOf = (task: TaskId, role: ArtifactRole, name: string): string => JSON.stringify([task, role, name]);
