/** Links between views: real addresses, which open in another tab as any do. */
import type { MouseEvent, ReactNode } from "react";
import { rootOf } from "../../src/model/identity.ts";
import type { Task } from "../../src/model/task.ts";
import { go, pathOf, type Route } from "../route.ts";

type LinkProps = { to: Route; children: ReactNode; className?: string; current?: boolean; title?: string };

export function Link({ to, children, className, current, title }: LinkProps) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(to);
  };
  return (
    <a
      href={pathOf(to)}
      onClick={follow}
      className={className}
      title={title}
      aria-current={current ? "page" : undefined}
    >
      {children}
    </a>
  );
}

export const toRun = (id: string): Route => ({ view: "run", id, tab: "graph" });
export const toTask = (id: string): Route => ({ view: "task", id, tab: "overview" });
export const toTaskOrRun = (task: Pick<Task, "id" | "code">): Route =>
  task.code.kind === "controller" ? toRun(task.id) : toTask(task.id);

/** `r1/loop1[3]/fit` → `loop1[3]/fit`. */
export const pathIn = (id: string): string => id.slice(rootOf(id).length + 1) || id;
