/** Names and what they stand for, in two columns; what is not there is left out. */
import type { ReactNode } from "react";

export function Facts({ of }: { of: [name: string, value: ReactNode][] }) {
  const there = of.filter(([, value]) => value !== undefined && value !== null && value !== "" && value !== false);
  return (
    <dl className="facts">
      {there.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Where there is nothing: why, and what to do next. */
export function Empty({ children }: { children: ReactNode }) {
  return <p className="empty">{children}</p>;
}

export function Trouble({ error }: { error: Error }) {
  return (
    <p className="trouble" role="alert">
      {error.message}
    </p>
  );
}
