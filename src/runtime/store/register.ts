/** Registering a pipeline: its JSON, its bundles, its templates as draft tasks, and its draft controller. */
import { type Hash, hashOf } from "../../model/hash.ts";
import type { Pipeline } from "../../model/pipeline.ts";
import { print } from "../../model/print-pipeline.ts";
import type { Code, TaskId } from "../../model/task.ts";
import type { TaskTemplate, Template } from "../../model/template.ts";
import type { Registered } from "../ports.ts";
import type { BlobFolder } from "./blobs.ts";
import { keepBundle } from "./bundles.ts";
import type { Configuration } from "./configurations.ts";
import type { Tables } from "./tables.ts";
import { newTask } from "./task-row.ts";

/** The same pipeline again gives the same tasks. Blobs come first: a row never names one that is not there. */
export async function register(tables: Tables, blobs: BlobFolder, pipeline: Pipeline): Promise<Registered> {
  const text = print(pipeline);
  const hash = hashOf(text);
  const registered = registeredAs(pipeline, hash);
  const { database } = tables;
  const known = () => database.get("select 1 from pipelines where hash = ?", hash) !== undefined;
  if (await database.read(known)) return registered;
  await blobs.put(text);
  await Promise.all(Object.values(pipeline.bundles).map((bundle) => keepBundle(tables, blobs, bundle)));
  await database.change(() => {
    if (known()) return;
    writeDrafts(tables, pipeline, registered, Date.now());
  });
  return registered;
}

/** The ids of its drafts, which are made from its hash. */
export function registeredAs(pipeline: Pick<Pipeline, "templates">, hash: Hash): Registered {
  return {
    pipeline: hash,
    controller: draftId("pipeline", hash),
    templates: new Map(
      Object.entries(pipeline.templates).flatMap(([name, { kind }]) =>
        kind === "task" ? [] : [[name, draftId("template", `${hash}\n${name}`)]],
      ),
    ),
  };
}

function writeDrafts(
  tables: Tables,
  pipeline: Pipeline,
  { pipeline: hash, controller, templates }: Registered,
  at: number,
): void {
  const { name, options } = pipeline;
  const key = writeDraft(tables, controller, name, { options, code: { kind: "controller", pipeline: hash } }, at);
  for (const [name, id] of templates) {
    const template = pipeline.templates[name] as OwnTemplate;
    writeDraft(tables, id, name, { options: template.options, code: codeOf(template, pipeline, hash) }, at);
  }
  tables.write();
  tables.database.run("insert into pipelines (hash, controller) values (?, ?)", hash, key);
}

/** One that comes with the pipeline. */
type OwnTemplate = Exclude<Template, TaskTemplate>;

function codeOf(template: OwnTemplate, { name }: Pipeline, hash: Hash): Code {
  switch (template.kind) {
    case "code":
      return {
        kind: "code",
        bundle: template.bundle,
        export: template.export,
        ...(template.input !== undefined && { input: template.input }),
      };
    case "pipeline": {
      const { pipeline: definition } = template;
      return { kind: "controller", pipeline: hash, ...(definition !== name && { definition }) };
    }
  }
}

function writeDraft(
  { configurations, events, rows }: Tables,
  id: TaskId,
  name: string,
  configuration: Configuration,
  at: number,
): number {
  const draft = newTask(
    { key: rows.nextKey(), id, name, configuration: configurations.keep(configuration), template: true },
    at,
  );
  rows.add(draft);
  events.append(draft, at, { kind: "created", name });
  return draft.key;
}

const draftId = (kind: string, content: Hash | string): TaskId =>
  `${kind}-${hashOf(content).slice("sha256:".length, "sha256:".length + 16)}`;
