/** A kept value: small ones at once, parts of large ones when they are opened. */
import { useEffect, useState } from "react";
import { formatBytes } from "../../src/cli/view/text.ts";
import { type Artifact, isArtifact } from "../../src/model/artifact.ts";
import type { Stored } from "../../src/model/task.ts";
import { brief, largestShown, storedValue } from "../hub/values.ts";
import { Trouble } from "./facts.tsx";
import { Link } from "./link.tsx";

/** Undefined until it is there. `isWanted`: not yet, where false. */
export function useValue(
  stored: Stored | undefined,
  isWanted = true,
): { value?: unknown; isThere: boolean; error?: Error } {
  const key = stored === undefined ? "" : "text" in stored ? stored.text : stored.blob;
  const [state, setState] = useState<{ key: string; value?: unknown; error?: Error }>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says all of what is stored
  useEffect(() => {
    if (key === "" || !isWanted) return;
    let isGone = false;
    storedValue(stored).then(
      (value) => isGone || setState({ key, value }),
      (error: Error) => isGone || setState({ key, error }),
    );
    return () => {
      isGone = true;
    };
  }, [key, isWanted]);
  if (state?.key !== key || key === "") return { isThere: false };
  return { value: state.value, isThere: state.error === undefined, ...(state.error && { error: state.error }) };
}

export function StoredValue({ of, none = "nothing" }: { of: Stored | undefined; none?: string }) {
  const isLarge = of !== undefined && "blob" in of && of.bytes > largestShown;
  const [isWanted, want] = useState(!isLarge);
  const { value, isThere, error } = useValue(of, isWanted);
  if (of === undefined) return <span className="faint">{none}</span>;
  if (error) return <Trouble error={error} />;
  if (!isWanted)
    return (
      <button type="button" onClick={() => want(true)}>
        Show {formatBytes("blob" in of ? of.bytes : of.text.length)}
      </button>
    );
  return isThere ? <Value of={value} isOpen /> : <span className="faint">…</span>;
}

const shownItems = 50;

/** As a tree of which branches open. */
export function Value({ of, isOpen = false }: { of: unknown; isOpen?: boolean }) {
  if (isArtifact(of)) return <ArtifactLink of={of} />;
  const parts = partsOf(of);
  if (parts === undefined)
    return <code className={`value ${typeof of}`}>{typeof of === "string" ? of : brief(of, 4_000)}</code>;
  if (parts.length === 0) return <code className="value">{brief(of)}</code>;
  return isOpen ? <Parts parts={parts} /> : <Folded of={of} parts={parts} />;
}

type Part = [name: string, value: unknown];

function Parts({ parts }: { parts: Part[] }) {
  const [count, setCount] = useState(shownItems);
  return (
    <ul className="value">
      {parts.slice(0, count).map(([name, value]) => (
        <li key={name}>
          <span className="key">{name}</span> <Value of={value} />
        </li>
      ))}
      {parts.length > count && (
        <li>
          <button type="button" onClick={() => setCount(count + 500)}>
            {parts.length - count} more
          </button>
        </li>
      )}
    </ul>
  );
}

function Folded({ of, parts }: { of: unknown; parts: Part[] }) {
  const [isOpen, open] = useState(false);
  return (
    <details onToggle={(event) => open(event.currentTarget.open)}>
      <summary>
        <code>{brief(of, 100)}</code>
      </summary>
      {isOpen && <Parts parts={parts} />}
    </details>
  );
}

/** Undefined of what has none. */
function partsOf(value: unknown): Part[] | undefined {
  if (
    typeof value !== "object" ||
    value === null ||
    value instanceof Date ||
    value instanceof RegExp ||
    value instanceof URL
  )
    return undefined;
  if (value instanceof Error) return undefined;
  if (value instanceof Map) return [...value].map(([key, inner]) => [brief(key), inner]);
  if (Array.isArray(value) || value instanceof Set || ArrayBuffer.isView(value))
    return Array.from(value as unknown as Iterable<unknown>, (inner, i) => [String(i), inner]);
  return Object.entries(value);
}

const ArtifactLink = ({ of: { task, name, bytes } }: { of: Artifact }) => (
  <Link to={{ view: "task", id: task, tab: "artifacts" }}>
    {name} ({formatBytes(bytes)})
  </Link>
);
