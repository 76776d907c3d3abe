/** What a client may subscribe to, and what it is told: the words of a channel, for both of its ends. */
import type { Event, EventKind } from "../../model/event.ts";
import type { KeptLine } from "../../model/log.ts";
import type { Agent, TaskId } from "../../model/task.ts";
import type { EventScope } from "../ports.ts";

/** `seen`: of each task, the number of its last line that was told; `since`: lines that are older are not asked for. */
export type Subscription =
  | { kind: "events"; run: TaskId; after: number; scope: EventScope }
  | { kind: "news"; kinds: readonly EventKind[] }
  | { kind: "logs"; task: TaskId; last?: number; seen?: Record<TaskId, number>; since?: number }
  | { kind: "roster" }
  /** `again`: it was interrupted, and may have missed something; `holding`: what the agent believes that it runs. */
  | { kind: "watch"; agent: string; again?: boolean; holding?: Held[] };

export type Held = { task: TaskId; attempt: number };

/** `to`: the number of the subscription. */
export type Told = { to: number } & (
  | { events: readonly Event[] }
  | { news: readonly Event[] }
  | { lines: KeptLine[] }
  | { agents: Agent[] }
  | { ready: string[] }
  | { revoked: Held }
);

/** The header by which a request names its client's channel, and that by which the answer says how much the channel has told. */
export const channelHeader = "reprise-channel";
export const toldHeader = "reprise-told";
/** The header by which a change has a name, so that it is made once, however often it is asked for. */
export const requestHeader = "reprise-request";
