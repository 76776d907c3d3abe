import type { Pipeline } from "../model/pipeline.ts";

/** What of a pipeline has changed, for people: `split, the body`. Empty where only places and source maps have. */
export function changesOf(before: Pipeline, after: Pipeline): string[] {
  const names = new Set([...Object.keys(before.templates), ...Object.keys(after.templates)]);
  return [...[...names].flatMap((name) => changeOfStep(name, before, after)), ...changesOfRest(before, after)];
}

function changeOfStep(name: string, before: Pipeline, after: Pipeline): string[] {
  const [old, now] = [before.templates[name], after.templates[name]];
  if (now === undefined) return [`${name} is gone`];
  if (old === undefined) return [`${name} is new`];
  return told(old) + codeOf(old, before) === told(now) + codeOf(now, after) ? [] : [name];
}

type Template = Pipeline["templates"][string];

/** Without its source map, which changes with every line above it. */
function codeOf(template: Template, { bundles }: Pipeline): string {
  if (template.kind !== "code") return "";
  const { map: _, ...bundle } = bundles[template.bundle]!;
  return JSON.stringify(bundle);
}

function changesOfRest({ graph: oldGraph, ...old }: Pipeline, { graph, ...now }: Pipeline): string[] {
  const header = ({ templates: _, bundles: __, pipelines: ___, ...rest }: typeof old) => told(rest);
  return [
    ...(told(oldGraph) === told(graph) ? [] : ["the body"]),
    ...(header(old) === header(now) ? [] : ["params, result or options"]),
    ...(told(old.pipelines) === told(now.pipelines) ? [] : ["a pipeline that it calls"]),
  ];
}

/** Without places, and without the hash by which a bundle is found. */
function told(part: unknown): string {
  return JSON.stringify(part, (key, value) => (key === "at" || key === "bundle" ? undefined : value)) ?? "";
}
