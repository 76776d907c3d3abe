/** What `Task.current()` speaks to while a step runs, in a process of its own as in the agent's. */
import { readFile } from "node:fs/promises";
import { readerOf } from "../../../artifacts/reader.ts";
import { Artifact, type ArtifactReader } from "../../../model/artifact.ts";
import { checkpointText } from "../../../model/checkpoint.ts";
import { type Reports, type StepContext, stepContext } from "../../../model/context.ts";
import { type Hash, hashOf } from "../../../model/hash.ts";
import { decode } from "../../../model/value.ts";
import type { Reporter } from "../recorder.ts";
import { createReports } from "./reports.ts";
import { idempotencyKeyOf, type StepCall, spoolOf } from "./step-call.ts";

export type BoundContext = {
  context: StepContext;
  isAborted(): boolean;
  /** The text of a content of the store. Rejects with a sentence where there is none, or it is damaged. */
  load(hash: Hash): Promise<string>;
  /** Aborts the step's signal. Who listens to it is in the step's context, as they were when they began to. */
  abort(): void;
  /** The step has ended: takes no more reports. Resolves when the artifacts that it gave, also without waiting, are stored or refused; at once where all are. */
  close(): Promise<unknown> | undefined;
};

type Called = Pick<StepCall, "id" | "name" | "attempt" | "createdAt" | "spools">;

export function createStepContext(call: Called, reporter: Reporter): BoundContext {
  const context = new CallContext(call, reporter);
  return {
    context,
    isAborted: () => context.isAborted,
    load: async (hash) => whole(await readFile(await reporter.content(hash)), hash),
    abort: () => stepContext.run(context, () => context.abort()),
    close: () => context.close(),
  };
}

/** Most steps never ask for it: what one asks for is made then. Its methods may be taken apart from it. */
class CallContext implements StepContext {
  readonly #call: Called;
  readonly #reporter: Reporter;
  #storing: Set<Promise<void>> | undefined;
  #controller: AbortController | undefined;
  #reader: ArtifactReader | undefined;
  #own: Reports | undefined;
  #ofPipeline: Reports | undefined;
  #open = true;
  isAborted = false;

  constructor(call: Called, reporter: Reporter) {
    this.#call = call;
    this.#reporter = reporter;
  }

  get id(): string {
    return this.#call.id;
  }

  get name(): string {
    return this.#call.name;
  }

  get attempt(): number {
    return this.#call.attempt;
  }

  get idempotencyKey(): string {
    return idempotencyKeyOf(this.#call);
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.isAborted) this.abort();
    }
    return this.#controller.signal;
  }

  get checkpoint(): StepContext["checkpoint"] {
    return {
      save: async (value) => {
        const text = checkpointText(value, this.#call.name);
        if (this.#isHeard("checkpoint.save()")) await this.#keep(this.#reporter.saveCheckpoint(text));
      },
      load: async <T>() => {
        const text = await this.#reporter.loadCheckpoint();
        return text === undefined ? undefined : (decode(text, this.reader) as T);
      },
    };
  }

  get scalar(): Reports["scalar"] {
    return this.#reports.scalar;
  }

  get single(): Reports["single"] {
    return this.#reports.single;
  }

  get plot(): Reports["plot"] {
    return this.#reports.plot;
  }

  get text(): Reports["text"] {
    return this.#reports.text;
  }

  get artifact(): Reports["artifact"] {
    return this.#reports.artifact;
  }

  get model(): Reports["model"] {
    return this.#reports.model;
  }

  get pipeline(): Reports {
    this.#ofPipeline ??= createReports({ ...this.#reported(), on: "pipeline" });
    return this.#ofPipeline;
  }

  get reader(): ArtifactReader {
    this.#reader ??= readerOf((hash) => this.#reporter.content(hash));
    return this.#reader;
  }

  get artifactOf(): StepContext["artifactOf"] {
    return async (task, name, { role = "output" } = {}) => {
      const found = await this.#reporter.find(task, name, role);
      return found && new Artifact(found, this.reader);
    };
  }

  get progress(): StepContext["progress"] {
    return (fraction) => {
      if (typeof fraction !== "number" || Number.isNaN(fraction))
        throw new TypeError(`progress(${fraction}): give a number from 0 to 1`);
      if (this.#isHeard("progress()")) this.#reporter.progress(Math.min(Math.max(fraction, 0), 1));
    };
  }

  get log(): StepContext["log"] {
    return (...parts) => console.log(...parts);
  }

  abort(): void {
    this.isAborted = true;
    this.#controller?.abort(new DOMException("The step was aborted", "AbortError"));
  }

  close(): Promise<unknown> | undefined {
    this.#open = false;
    return this.#storing !== undefined && this.#storing.size > 0 ? Promise.all(this.#storing) : undefined;
  }

  get #reports(): Reports {
    this.#own ??= createReports(this.#reported());
    return this.#own;
  }

  #reported() {
    return {
      reporter: this.#reporter,
      reader: this.reader,
      spool: spoolOf(this.#call),
      isHeard: (what: string) => this.#isHeard(what),
      keep: <T>(stored: Promise<T>) => this.#keep(stored),
    };
  }

  /** Nobody needs to wait for it: the step's end does. */
  #keep<T>(stored: Promise<T>): Promise<T> {
    const settled = stored.then(ignore, ignore);
    this.#storing ??= new Set();
    this.#storing.add(settled);
    void settled.then(() => this.#storing?.delete(settled));
    return stored;
  }

  /** What a step left running may still report when another has taken its place: that goes nowhere, and says so. */
  #isHeard(what: string): boolean {
    if (!this.#open) console.warn(`${what} came after step "${this.#call.name}" had ended: it is not kept`);
    return this.#open;
  }
}

function whole(content: Buffer, hash: Hash): string {
  if (hashOf(content) !== hash) throw new Error(`the content ${hash} is damaged: it does not match its hash`);
  return content.toString("utf8");
}

const ignore = () => {};
