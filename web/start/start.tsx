/** A new run: of a pipeline that the hub knows, with params from a form that its schema makes; or again, with others. */
import { useEffect, useMemo, useState } from "react";
import type { Hash } from "../../src/model/hash.ts";
import type { Pipeline } from "../../src/model/pipeline.ts";
import type { Task } from "../../src/model/task.ts";
import { ask, hub } from "../hub/ask.ts";
import { useAsked } from "../hub/use.ts";
import { storedValue } from "../hub/values.ts";
import { Empty, Trouble } from "../parts/facts.tsx";
import { Link, toRun } from "../parts/link.tsx";
import { Ago } from "../parts/time.tsx";
import { go } from "../route.ts";
import { type Entered, enteredOf, fieldsOf, valuesOf } from "./fields.ts";
import { ParamsForm } from "./form.tsx";

type StartProps = { pipeline: string | undefined; from: string | undefined; step: string | undefined };

export default function Start({ pipeline, from, step }: StartProps) {
  const source = useAsked(`from ${from}`, async () => (from === undefined ? undefined : await hub.tasks.get(from)));
  if (from === undefined && pipeline === undefined) return <Choose />;
  if (source.error) return <Trouble error={source.error} />;
  if (from !== undefined && source.value === undefined) return <Empty>…</Empty>;
  const code = source.value?.code;
  const hash = pipeline ?? (code?.kind === "controller" ? code.pipeline : undefined);
  if (hash === undefined) return <Empty>{from} is no run of a pipeline: it cannot be started from here.</Empty>;
  return <Fill key={hash} hash={hash as Hash} from={source.value} step={step} />;
}

/** Pipelines, the latest version of each. */
function Choose() {
  const { value: drafts, error } = useAsked(
    "pipelines",
    () => hub.tasks.list({ templates: true, topLevel: true, status: "draft", limit: 2_000 }),
    ({ kind }) => kind === "created",
  );
  if (error) return <Trouble error={error} />;
  if (drafts === undefined) return <Empty>…</Empty>;
  const pipelines = drafts.filter(({ code }) => code.kind === "controller" && code.definition === undefined);
  const latest = [...Map.groupBy(pipelines, ({ name, options }) => `${options.project ?? ""} / ${name}`).values()].map(
    (same) => ({ ...same[0]!, versions: same.length }),
  );
  return (
    <>
      <h1>New run</h1>
      {latest.length === 0 ? (
        <Empty>
          The hub knows no pipeline yet. Register one, and start it here with other params as often as you like:
          <code className="block">REPRISE_STORE={location.origin} reprise push pipeline.ts</code>
        </Empty>
      ) : (
        <ul className="cards">
          {latest.map(({ id, name, code, options, createdAt, versions }) => (
            <li key={id}>
              <Link to={{ view: "start", pipeline: code.kind === "controller" ? code.pipeline : "" }}>
                <strong>{name}</strong>
                <small className="faint">
                  {options.project && `${options.project} · `}
                  {versions > 1 && `${versions} versions, the latest `}
                  <Ago at={createdAt} now={Date.now()} />
                </small>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

type FillProps = { hash: Hash; from: Task | undefined; step: string | undefined };

function Fill({ hash, from, step }: FillProps) {
  const outline = useAsked(`outline ${hash}`, async () => (await ask("GET", `/pipelines/${hash}/outline`)) as Pipeline);
  const before = useAsked(`params ${from?.id}`, async () => ({ value: await storedValue(from?.input) }));
  const [entered, setEntered] = useState<Entered>();
  const [queue, setQueue] = useState("");
  const [id, setId] = useState("");
  const [problem, setProblem] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const fields = useMemo(() => fieldsOf(outline.value?.params), [outline.value]);
  useEffect(() => {
    if (outline.value && before.value) setEntered(enteredOf(fields, before.value.value));
  }, [outline.value, before.value, fields]);
  if (outline.error) return <Trouble error={outline.error} />;
  if (outline.value === undefined || entered === undefined) return <Empty>…</Empty>;
  const start = async () => {
    const params = fields.length === 0 ? undefined : valuesOf(fields, entered);
    const rerun = from && { of: from.id, ...(step !== undefined && { from: [step] }) };
    const body = { ...(params !== undefined && { params }), ...(queue && { queue }), ...(id && { id }), rerun };
    const { task } = (await ask("POST", `/pipelines/${hash}/runs`, JSON.stringify(body))) as {
      task: Task;
      created: boolean;
    };
    go(toRun(task.id));
  };
  return (
    <form
      className="panel narrow"
      onSubmit={(event) => {
        event.preventDefault();
        setBusy(true);
        setProblem(undefined);
        start()
          .catch(({ message }: Error) => setProblem(message))
          .finally(() => setBusy(false));
      }}
    >
      <h1>{outline.value.name}</h1>
      <p className="faint">
        <Beginning from={from} step={step} />
      </p>
      {fields.length === 0 && <p className="faint">It takes no params.</p>}
      <ParamsForm fields={fields} entered={entered} change={setEntered} />
      <details>
        <summary>Queue and name</summary>
        <label>
          Queue
          <input
            value={queue}
            placeholder={outline.value.options.queue}
            onChange={(event) => setQueue(event.target.value)}
          />
        </label>
        <label>
          Name of the run
          <input
            value={id}
            placeholder="made for you"
            pattern="[A-Za-z0-9._\-]+"
            onChange={(event) => setId(event.target.value)}
          />
        </label>
      </details>
      {problem && (
        <p className="trouble" role="alert">
          {problem}
        </p>
      )}
      <p>
        <button type="submit" className="main" disabled={isBusy}>
          Start
        </button>
      </p>
    </form>
  );
}

function Beginning({ from, step }: Pick<FillProps, "from" | "step">) {
  if (from === undefined) return "A new run. What is left empty takes the pipeline's own default.";
  const earlier = <Link to={toRun(from.id)}>{from.id}</Link>;
  if (step === undefined) return <>Again, as {earlier} was started, with what you change.</>;
  return (
    <>
      Again from <code>{step}</code> on: that runs, and what depends on it; all else takes its output from {earlier}{" "}
      where it takes the same. <Link to={{ view: "start", from: from.id }}>Run all of it instead</Link>
    </>
  );
}
