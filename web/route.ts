/** Addresses of views. An id is one part of an address, slashes and all. */
import { useSyncExternalStore } from "react";

export type Route =
  | { view: "runs" }
  | { view: "run"; id: string; tab: RunTab }
  | { view: "task"; id: string; tab: TaskTab }
  /** `from`: an earlier run; `step`: the path of its call from which on it is done again. */
  | { view: "start"; pipeline?: string; from?: string; step?: string }
  | { view: "compare"; a: string; b: string }
  | { view: "queues" };

export const runTabs = ["graph", "table", "timeline", "tasks", "decisions", "result"] as const;
export type RunTab = (typeof runTabs)[number];
export const taskTabs = ["overview", "console", "metrics", "artifacts", "source", "events"] as const;
export type TaskTab = (typeof taskTabs)[number];

export function routeOf(address: URL): Route {
  const [, view = "", ...rest] = address.pathname.split("/");
  const [id = "", second = ""] = rest.map(decodeURIComponent);
  switch (view) {
    case "runs":
      return id === "" ? { view: "runs" } : { view: "run", id, tab: runTabs.find((tab) => tab === second) ?? "graph" };
    case "tasks":
      return { view: "task", id, tab: taskTabs.find((tab) => tab === second) ?? "overview" };
    case "start": {
      const [from, step] = ["from", "step"].map((name) => address.searchParams.get(name));
      return { view: "start", ...(id !== "" && { pipeline: id }), ...(from && { from }), ...(step && { step }) };
    }
    case "compare":
      return { view: "compare", a: id, b: second };
    case "queues":
      return { view: "queues" };
    default:
      return { view: "runs" };
  }
}

export function pathOf(route: Route): string {
  switch (route.view) {
    case "runs":
      return "/";
    case "run":
      return `/runs/${encodeURIComponent(route.id)}${route.tab === "graph" ? "" : `/${route.tab}`}`;
    case "task":
      return `/tasks/${encodeURIComponent(route.id)}${route.tab === "overview" ? "" : `/${route.tab}`}`;
    case "start": {
      const pipeline = route.pipeline === undefined ? "" : `/${encodeURIComponent(route.pipeline)}`;
      const { from, step } = route;
      const earlier = new URLSearchParams({ ...(from && { from }), ...(step && { step }) });
      return `/start${pipeline}${earlier.size === 0 ? "" : `?${earlier}`}`;
    }
    case "compare":
      return `/compare/${encodeURIComponent(route.a)}/${encodeURIComponent(route.b)}`;
    case "queues":
      return "/queues";
  }
}

const listeners = new Set<() => void>();
const changed = () => {
  for (const listener of listeners) listener();
};
window.addEventListener("popstate", changed);

export function go(route: Route, { replace = false } = {}): void {
  if (replace) history.replaceState(null, "", pathOf(route));
  else history.pushState(null, "", pathOf(route));
  if (!replace) window.scrollTo(0, 0);
  changed();
}

export function useRoute(): Route {
  const href = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => location.href,
  );
  return routeOf(new URL(href));
}
