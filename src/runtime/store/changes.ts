import type { Event } from "../../model/event.ts";

/** What a commit gives out to followers and watchers: an event, and whose attempt it took away, if it took one. */
export type Change = { event: Event; revoked?: { agent: string; attempt: number } };
