/** What a task took and made: listed, looked at, fetched. */
import { formatBytes } from "../../src/cli/view/text.ts";
import type { KeptArtifact } from "../../src/model/artifact.ts";
import type { Task } from "../../src/model/task.ts";
import { fetchHub, hub } from "../hub/ask.ts";
import { useAsked } from "../hub/use.ts";
import { Act } from "../parts/act.tsx";
import { Empty, Facts, Trouble } from "../parts/facts.tsx";
import { Link, toTask } from "../parts/link.tsx";
import { Preview } from "./preview.tsx";

export function Artifacts({ task }: { task: Task }) {
  const { value: artifacts, error } = useAsked(
    `artifacts ${task.id}`,
    () => hub.artifacts.list(task.id),
    (event) => event.task === task.id,
  );
  if (error) return <Trouble error={error} />;
  if (artifacts === undefined) return <Empty>…</Empty>;
  if (artifacts.length === 0)
    return (
      <Empty>
        It has made none. <code>await Task.current().artifact("report", "./out")</code> in a step keeps one.
      </Empty>
    );
  return (
    <>
      {artifacts.map((artifact) => (
        <ArtifactPanel key={`${artifact.role} ${artifact.name}`} of={artifact} shownAt={task.id} />
      ))}
    </>
  );
}

function ArtifactPanel({ of, shownAt }: { of: KeptArtifact; shownAt: string }) {
  const { name, role, type, bytes, kind, hash, model, metadata } = of;
  return (
    <section className="panel">
      <div className="head">
        <h2>{name}</h2>
        <span className="faint">
          {[
            role === "input" ? "taken" : "made",
            kind,
            type,
            formatBytes(bytes),
            model && `model${model.framework ? ` of ${model.framework}` : ""}`,
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
        <span className="grow" />
        <Act do={() => download(of)}>Download</Act>
      </div>
      <Facts
        of={[
          ["from", of.task !== shownAt && <Link to={toTask(of.task)}>{of.task}</Link>],
          ["labels", model?.labels?.join(", ")],
          ["metadata", metadata && <code>{JSON.stringify(metadata)}</code>],
          ["hash", <code key="hash">{hash.slice(0, 19)}…</code>],
        ]}
      />
      <Preview of={of} />
    </section>
  );
}

async function download({ hash, type, name }: KeptArtifact): Promise<void> {
  const content = await (await fetchHub(`/blobs/${hash}`)).blob();
  const address = URL.createObjectURL(new Blob([content], { type }));
  const link = Object.assign(document.createElement("a"), { href: address, download: name.split("/").at(-1) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
