/** Registering a pipeline: its JSON, its bundles, its templates as draft tasks, and its draft controller. */
import { type Hash, hashOf } from "../../model/hash.ts";
import { type Pipeline, print } from "../../model/pipeline.ts";
import type { Code, TaskId } from "../../model/task.ts";
import type { Template } from "../../model/template.ts";
import type { Registered } from "../ports.ts";
import type { BlobFolder } from "./blobs.ts";
import type { Configuration } from "./configurations.ts";
import type { Tables } from "./tables.ts";
import { newTask } from "./task-row.ts";

/** The same pipeline again gives the same tasks. Blobs come first: a row never names one that is not there. */
export async function register(tables: Tables, blobs: BlobFolder, pipeline: Pipeline): Promise<Registered> {
  const text = print(pipeline);
  const hash = hashOf(text);
  const registered = {
    pipeline: hash,
    controller: draftId("pipeline", hash),
    templates: new Map(Object.keys(pipeline.templates).map((name) => [name, draftId("template", `${hash}\n${name}`)])),
  };
  const { database } = tables;
  const known = () => database.get("select 1 from pipelines where hash = ?", hash) !== undefined;
  if (await database.read(known)) return registered;
  await blobs.put(text);
  const bundles = await Promise.all(
    Object.entries(pipeline.bundles).map(
      async ([name, bundle]) => [name, await blobs.put(JSON.stringify(bundle))] as const,
    ),
  );
  await database.change(() => {
    if (known()) return;
    for (const [name, blob] of bundles)
      database.run("insert into bundles (hash, blob) values (?, ?) on conflict do nothing", name, blob);
    writeDrafts(tables, pipeline, registered, Date.now());
  });
  return registered;
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
    const template = pipeline.templates[name]!;
    writeDraft(tables, id, name, { options: template.options, code: codeOf(template, pipeline, hash) }, at);
  }
  tables.write();
  tables.database.run("insert into pipelines (hash, controller) values (?, ?)", hash, key);
}

function codeOf(template: Template, { name }: Pipeline, hash: Hash): Code {
  switch (template.kind) {
    case "code":
      return { kind: "code", bundle: template.bundle, export: template.export };
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
