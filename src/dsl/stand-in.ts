import { randomUUID } from "node:crypto";
import { format } from "node:util";
import type { Artifact, ArtifactRole, ModelFacts } from "../model/artifact.ts";
import { type Checkpoint, checkpointText } from "../model/checkpoint.ts";
import type { ArtifactContent, ArtifactOptions, Reports, StepContext } from "../model/context.ts";
import { plotContent, textContent } from "../model/figure.ts";
import { summaryTitle } from "../model/metric.ts";
import { decode } from "../model/value.ts";
import { findPlainly, keepPlainly, plainReader } from "./plain-artifacts.ts";
import type { Holder } from "./plain-call.ts";

/**
 * The context of a step in a plain call: everything is printed, nobody aborts but who holds a handle to it, and artifacts are kept until the process
 * ends.
 */
export function standIn(name: string, holder?: Pick<Holder, "signal" | "scalar">): StepContext {
  const id = randomUUID();
  const print = (text: string) => console.log("%s", `[${name}] ${text}`);
  return {
    id,
    name,
    attempt: 1,
    idempotencyKey: id.replaceAll("-", ""),
    checkpoint: inMemory(name),
    signal: holder?.signal ?? new AbortController().signal,
    ...reports(id, print, holder),
    pipeline: reports(`${id}-pipeline`, (text) => print(`pipeline: ${text}`)),
    progress: (fraction) => print(`${Math.round(fraction * 100)} %`),
    artifactOf: async (task, artifact, { role = "output" } = {}) => findPlainly(task, role, artifact),
    reader: plainReader,
    log: (...parts) => print(format(...parts)),
  };
}

/** The attempt of a plain call is the only one. */
function inMemory(step: string): Checkpoint {
  let saved: string | undefined;
  return {
    async save(value) {
      saved = checkpointText(value, step);
    },
    async load<T>() {
      return saved === undefined ? undefined : (decode(saved) as T);
    },
  };
}

function reports(task: string, print: (text: string) => void, holder?: Pick<Holder, "scalar">): Reports {
  const scalar: Reports["scalar"] = (title, series, value, iteration) => {
    print(`${title} / ${series} at ${iteration}: ${value}`);
    holder?.scalar(title, series, { value, iteration });
  };
  type Given = { name: string; content: ArtifactContent; options: ArtifactOptions; role: ArtifactRole };
  const keep = async (what: string, given: Given, model?: ModelFacts): Promise<Artifact> => {
    const artifact = await keepPlainly({ task, ...given }, model);
    print(`${what} ${given.name}: ${sizeText(artifact.bytes)}`);
    return artifact;
  };
  return {
    scalar,
    single: (name, value) => scalar(summaryTitle, name, value, 0),
    plot: (title, specification) => print(`plot ${title}: ${sizeText(plotContent(title, specification).length)}`),
    text: (title, markdown) => print(`text ${title}: ${textContent(title, markdown)}`),
    artifact: (name, content, options = {}) => keep("artifact", { name, content, options, role: "output" }),
    model: (name, content, { framework, labels, role = "output", ...options } = {}) =>
      keep("model", { name, content, options, role }, { ...(framework && { framework }), ...(labels && { labels }) }),
  };
}

const sizeText = (bytes: number): string => (bytes < 1_000 ? `${bytes} bytes` : `${(bytes / 1_000).toFixed(1)} kB`);
