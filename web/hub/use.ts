/** What views ask the hub for: asked once, kept while it is shown, and asked again when news says that it may be another. */
import { useCallback, useEffect, useRef, useState } from "react";
import type { Event, EventKind } from "../../src/model/event.ts";
import { followNews } from "./live.ts";

export type Asked<T> = { value?: T; error?: Error; again(): void };

/** What changes lists: statuses, and what people do by hand. */
const changing: EventKind[] = [
  ...(["created", "queued", "dequeued", "placed", "unserved", "running", "retrying"] as const),
  ...(["completed", "failed", "aborted", "reset", "deleted", "edited", "published", "archived"] as const),
];
/** Many events are one look. */
const calmMs = 60;

/** `key` names what is asked for. `when`: which news make it worth asking again; none of them: it never changes. */
export function useAsked<T>(key: string, get: () => Promise<T>, when?: (event: Event) => boolean): Asked<T> {
  const [state, setState] = useState<{ key: string; value?: T; error?: Error }>({ key });
  const latest = useRef({ get, when });
  latest.current = { get, when };
  const again = useCallback(() => {
    latest.current.get().then(
      (value) => setState({ key, value }),
      (error: Error) => setState((before) => ({ ...(before.key === key ? before : { key }), error })),
    );
  }, [key]);
  const isLive = when !== undefined;
  useEffect(() => {
    again();
    if (!isLive) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = followNews(changing, (events) => {
      if (timer !== undefined || (events.length > 0 && !events.some((event) => latest.current.when?.(event)))) return;
      timer = setTimeout(() => {
        timer = undefined;
        again();
      }, calmMs);
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [again, isLive]);
  const { value, error } = state.key === key ? state : {};
  return { ...(value !== undefined && { value }), ...(error && { error }), again };
}

/** The time, told once a second while something grows. */
export function useNow(isGrowing: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isGrowing) return;
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isGrowing]);
  return isGrowing ? Math.max(now, Date.now()) : now;
}
