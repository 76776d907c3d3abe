/** What `Task.current()` and its `pipeline` report: checked where the author's code says it, then handed on. */
import { contentOf } from "../../../artifacts/content.ts";
import { spool } from "../../../artifacts/spool.ts";
import {
  Artifact,
  type ArtifactReader,
  type ArtifactRole,
  checkArtifactName,
  checkMetadata,
  isArtifact,
  type ModelFacts,
} from "../../../model/artifact.ts";
import type { ArtifactContent, ArtifactOptions, Reports } from "../../../model/context.ts";
import { plotContent, textContent } from "../../../model/figure.ts";
import { LimitError, limits } from "../../../model/limits.ts";
import { summaryTitle } from "../../../model/metric.ts";
import type { ArtifactDraft, DraftContent } from "../artifact-draft.ts";
import type { Reporter } from "../recorder.ts";

export type ReportsOptions = {
  reporter: Reporter;
  reader: ArtifactReader;
  /** Where large content lies on its way. */
  spool: string;
  /** False, and said, where the step has ended. */
  isHeard(what: string): boolean;
  /** Nobody needs to wait for it: the step's end does. */
  keep<T>(storing: Promise<T>): Promise<T>;
  on?: "pipeline";
};

/** Larger content is not sent along: it goes into a file, which the agent takes over. */
const sentBytes = 256 * 1024;

export function createReports({ reporter, reader, spool: folder, isHeard, keep, on }: ReportsOptions): Reports {
  const place = on ? { on } : {};
  const who = on ? "pipeline." : "";
  const series = countedSeries();

  function scalar(title: string, name: string, value: number, iteration: number): void {
    const what = `${who}scalar(${JSON.stringify(title)}, ${JSON.stringify(name)})`;
    if (typeof title !== "string" || typeof name !== "string")
      throw new TypeError(`${what}: title and series are texts, then come the value and the iteration`);
    if (typeof value !== "number") throw new TypeError(`${what}: the value is ${typeof value}, not a number`);
    if (!Number.isFinite(iteration)) throw new TypeError(`${what}: the iteration is ${iteration}, not a finite number`);
    series.add(title, name, what);
    if (isHeard(what)) reporter.scalar({ title, series: name, value, iteration, at: Date.now(), ...place });
  }

  function figure(kind: "plot" | "text", title: string, content: string, iteration = 0): void {
    const what = `${who}${kind}(${JSON.stringify(title)})`;
    if (typeof title !== "string" || title === "") throw new TypeError(`${what}: the title is no text`);
    if (!Number.isFinite(iteration)) throw new TypeError(`${what}: the iteration is ${iteration}, not a finite number`);
    if (isHeard(what)) reporter.figure({ kind, title, iteration, content, at: Date.now(), ...place });
  }

  type Given = {
    name: string;
    content: ArtifactContent;
    options: ArtifactOptions;
    role: ArtifactRole;
    model?: () => ModelFacts;
  };

  async function put({ name, content, options, role, model }: Given): Promise<Artifact> {
    checkArtifactName(name);
    const { metadata } = options;
    if (metadata !== undefined) checkMetadata(metadata, name);
    const facts = { name, role, ...(metadata && { metadata }), ...(model && { model: model() }), ...place };
    if (!isHeard(`${who}artifact(${JSON.stringify(name)})`)) return notKept(name);
    const kept = await reporter.artifact({ ...facts, ...(await handedOver(name, role, content, options)) });
    return new Artifact(kept, reader);
  }

  type Content = Pick<ArtifactDraft, "kind" | "type" | "preview"> & { content: DraftContent };

  async function handedOver(
    name: string,
    role: ArtifactRole,
    given: ArtifactContent,
    options: ArtifactOptions,
  ): Promise<Content> {
    if (isArtifact(given)) {
      const { kind, type, hash, bytes } = given;
      return { kind, type: options.type ?? type, content: { hash, bytes } };
    }
    const { kind, type, chunks, bytes, preview } = await contentOf(name, given, options);
    const about = () => ({ kind, type, ...previewIn(preview()) });
    if (bytes !== undefined && bytes <= sentBytes) {
      const [whole] = chunks as Uint8Array[];
      return { ...about(), content: { whole: whole! } };
    }
    if (on === undefined) reporter.announce({ role, name });
    try {
      const spooled = await spool(chunks, folder);
      return { ...about(), content: spooled };
    } catch (error) {
      if (on === undefined) reporter.withdraw({ role, name });
      throw error;
    }
  }

  return {
    scalar,
    single: (name, value) => scalar(summaryTitle, name, value, 0),
    plot: (title, specification, iteration) => figure("plot", title, plotContent(title, specification), iteration),
    text: (title, markdown, iteration) => figure("text", title, textContent(title, markdown), iteration),
    artifact: (name, content, options = {}) => keep(put({ name, content, options, role: "output" })),
    model: (name, content, { framework, labels, role = "output", ...options } = {}) =>
      keep(put({ name, content, options, role, model: () => modelFacts(name, framework, labels) })),
  };
}

const previewIn = (preview: string | undefined) => (preview === undefined ? {} : { preview });

function modelFacts(name: string, framework: unknown, labels: unknown): ModelFacts {
  if (framework !== undefined && typeof framework !== "string")
    throw new TypeError(`model(${JSON.stringify(name)}): its framework is ${typeof framework}, not a text`);
  if (labels !== undefined && !(Array.isArray(labels) && labels.every((label) => typeof label === "string")))
    throw new TypeError(`model(${JSON.stringify(name)}): its labels are not a list of texts`);
  return { ...(framework !== undefined && { framework }), ...(labels !== undefined && { labels: [...labels] }) };
}

function countedSeries() {
  const titles = new Map<string, Set<string>>();
  let count = 0;
  return {
    /** Throws a LimitError. */
    add(title: string, name: string, what: string): void {
      const names = titles.get(title) ?? new Set();
      if (names.has(name)) return;
      if (count >= limits.series) throw new LimitError("series", what);
      titles.set(title, names.add(name));
      count += 1;
    },
  };
}

function notKept(name: string): never {
  throw new Error(`the artifact ${JSON.stringify(name)} came after the step had ended`);
}
