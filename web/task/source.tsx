/** The code of a step as it is run, opened where the step begins; and where its author declared it. */
import { useEffect, useRef } from "react";
import { rootOf } from "../../src/model/identity.ts";
import type { Pipeline } from "../../src/model/pipeline.ts";
import type { Task } from "../../src/model/task.ts";
import { ask, hub } from "../hub/ask.ts";
import { useAsked } from "../hub/use.ts";
import { Empty, Trouble } from "../parts/facts.tsx";

type Found = { declared: string | undefined; lines: string[]; first: number };

export function Source({ task }: { task: Task }) {
  const { value, error } = useAsked(`source ${task.id}`, () => sourceOf(task));
  const begin = useRef<HTMLSpanElement>(null);
  useEffect(() => begin.current?.scrollIntoView({ block: "center" }));
  if (error) return <Trouble error={error} />;
  if (value === undefined) return <Empty>…</Empty>;
  if (value === "none")
    return <Empty>This task has no code of its own: what it runs is a graph, or a file elsewhere.</Empty>;
  const { declared, lines, first } = value;
  return (
    <section className="panel">
      <h2>{declared === undefined ? "As it is run" : `Declared at ${declared}`}</h2>
      <p className="faint">Compiled, with what it imports; the step begins at the marked line.</p>
      <pre className="source" tabIndex={0}>
        {lines.map((text, i) => (
          <span key={i} ref={i === first ? begin : null} className={i === first ? "marked" : undefined}>
            {`${text}\n`}
          </span>
        ))}
      </pre>
    </section>
  );
}

async function sourceOf({ id, code }: Task): Promise<Found | "none"> {
  if (code.kind === "command") return { declared: undefined, lines: [code.run.join(" ")], first: -1 };
  if (code.kind === "controller" || code.bundle === undefined) return "none";
  const lines = (await hub.runs.bundle(code.bundle)).code.split("\n");
  if (code.kind === "script") return { declared: code.entry, lines, first: -1 };
  const declared = await declaredAt(rootOf(id), code.bundle, code.export);
  const begins = (line: string) => line.startsWith(`var ${code.export} = `);
  return { declared: declared?.replace(/:\d+$/, ""), lines, first: lines.findLastIndex(begins) };
}

/** The pipeline of its run says where its author declared the step. */
async function declaredAt(run: string, bundle: string, name: string): Promise<string | undefined> {
  const root = await hub.tasks.get(run);
  if (root?.code.kind !== "controller") return undefined;
  const { templates } = (await ask("GET", `/pipelines/${root.code.pipeline}/outline`)) as Pipeline;
  return Object.values(templates).find((each) => each.kind === "code" && each.bundle === bundle && each.export === name)
    ?.at;
}
