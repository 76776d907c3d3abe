/** The code of a task: what its author wrote, and what is run. */
import { useEffect, useRef } from "react";
import { rootOf } from "../../src/model/identity.ts";
import type { Task } from "../../src/model/task.ts";
import { hub } from "../hub/ask.ts";
import { outlineOf } from "../hub/outline.ts";
import { useAsked } from "../hub/use.ts";
import { Empty, Trouble } from "../parts/facts.tsx";

/** `first`: the line of the compiled code at which the step begins; -1 where there is none. */
type Found = { declared: string | undefined; authored: string | undefined; lines: string[]; first: number };

export function Source({ task }: { task: Task }) {
  const { value, error } = useAsked(`source ${task.id}`, () => sourceOf(task));
  if (error) return <Trouble error={error} />;
  if (value === undefined) return <Empty>…</Empty>;
  if (value === "none")
    return <Empty>This task has no code of its own: what it runs is a graph, or a file elsewhere.</Empty>;
  const { declared, authored, lines, first } = value;
  if (authored === undefined)
    return (
      <section className="panel">
        <h2>{declared === undefined ? "As it is run" : `Declared at ${declared}`}</h2>
        <Compiled lines={lines} first={first} />
      </section>
    );
  return (
    <section className="panel">
      <h2>{declared ?? "As it was written"}</h2>
      <pre className="source" tabIndex={0}>
        {authored}
      </pre>
      <details>
        <summary>As it is run: compiled, with what it imports</summary>
        <Compiled lines={lines} first={first} />
      </details>
    </section>
  );
}

function Compiled({ lines, first }: Pick<Found, "lines" | "first">) {
  const begin = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    begin.current?.scrollIntoView({ block: "nearest" });
  }, []);
  return (
    <pre className="source" tabIndex={0}>
      {lines.map((text, i) => (
        <span key={i} ref={i === first ? begin : null} className={i === first ? "marked" : undefined}>
          {`${text}\n`}
        </span>
      ))}
    </pre>
  );
}

async function sourceOf({ id, code }: Task): Promise<Found | "none"> {
  if (code.kind === "command")
    return { declared: undefined, authored: undefined, lines: [code.run.join(" ")], first: -1 };
  if (code.kind === "controller" || code.bundle === undefined) return "none";
  const { code: text, source: authored } = await hub.runs.bundle(code.bundle);
  const lines = text.split("\n");
  if (code.kind === "script") return { declared: code.entry, authored, lines, first: -1 };
  const declared = await declaredAt(rootOf(id), code.bundle, code.export);
  const begins = (line: string) => line.startsWith(`var ${code.export} = `);
  return { declared: declared?.replace(/:\d+$/, ""), authored, lines, first: lines.findLastIndex(begins) };
}

/** The pipeline of its run says where its author declared the step. */
async function declaredAt(run: string, bundle: string, name: string): Promise<string | undefined> {
  const { templates = {} } = (await outlineOf(await hub.tasks.get(run))) ?? {};
  return Object.values(templates).find((each) => each.kind === "code" && each.bundle === bundle && each.export === name)
    ?.at;
}
