import type { ReactNode } from "react";
import type { Route } from "../route.ts";
import { Link } from "./link.tsx";

/** Tabs are addresses of their own: each can be kept, sent and gone back to. */
export function Tabs({ label, of }: { label: string; of: { name: ReactNode; to: Route; current: boolean }[] }) {
  return (
    <nav className="tabs" aria-label={label}>
      {of.map(({ name, to, current }, i) => (
        <Link key={i} to={to} current={current}>
          {name}
        </Link>
      ))}
    </nav>
  );
}
