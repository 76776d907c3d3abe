/** The author's own source of a step, out of its bundle's source map, opened where the step was declared. */
import { useEffect, useRef } from "react";
import { rootOf } from "../../src/model/identity.ts";
import type { Pipeline } from "../../src/model/pipeline.ts";
import type { Task } from "../../src/model/task.ts";
import { ask, hub } from "../hub/ask.ts";
import { useAsked } from "../hub/use.ts";
import { Empty, Trouble } from "../parts/facts.tsx";

type Found = { file: string; line: number; text: string };

export function Source({ task }: { task: Task }) {
  const { value, error } = useAsked(`source ${task.id}`, () => sourceOf(task));
  const marked = useRef<HTMLSpanElement>(null);
  useEffect(() => marked.current?.scrollIntoView({ block: "center" }));
  if (error) return <Trouble error={error} />;
  if (value === undefined) return <Empty>…</Empty>;
  if (value === "none") return <Empty>The author's source did not come along with this task.</Empty>;
  return (
    <section className="panel">
      <h2>
        {value.file}
        {value.line > 0 && `:${value.line}`}
      </h2>
      <pre className="source" tabIndex={0}>
        {value.text.split("\n").map((text, i) => (
          <span
            key={i}
            ref={i + 1 === value.line ? marked : null}
            className={i + 1 === value.line ? "marked" : undefined}
          >
            {`${text}\n`}
          </span>
        ))}
      </pre>
    </section>
  );
}

async function sourceOf({ id, code, failure, name }: Task): Promise<Found | "none"> {
  if (code.kind === "controller" || code.bundle === undefined) return "none";
  const { map, code: text } = await hub.runs.bundle(code.bundle);
  const { sources = [], sourcesContent = [] } =
    map === undefined ? {} : (JSON.parse(map) as { sources?: string[]; sourcesContent?: (string | null)[] });
  const at = failure?.at ?? (await declaredAt(rootOf(id), code.bundle, code.kind === "code" ? code.export : name));
  const [, file = "", line = "0"] = /^(.*?):(\d+)(?::\d+)?$/.exec(at ?? "") ?? [];
  const named = sources.findIndex(
    (source) =>
      file !== "" &&
      (source === file || source.endsWith(`/${file}`) || file.endsWith(source.replace(/^(\.\.?\/)+/, ""))),
  );
  const i = named >= 0 ? named : sources.length - 1;
  const own = sourcesContent[i];
  if (own) return { file: sources[i]!, line: named >= 0 ? Number(line) : 0, text: own };
  return text === "" ? "none" : { file: "as it was bundled", line: 0, text };
}

/** The pipeline says where its author declared the step. */
async function declaredAt(run: string, bundle: string, name: string): Promise<string | undefined> {
  const root = await hub.tasks.get(run);
  if (root?.code.kind !== "controller") return undefined;
  const { templates } = (await ask("GET", `/pipelines/${root.code.pipeline}/outline`)) as Pipeline;
  return Object.values(templates).find((each) => each.kind === "code" && each.bundle === bundle && each.export === name)
    ?.at;
}
