/** The queue's port: each of its operations is a file of its own. */
import type { Agent, TaskId } from "../../model/task.ts";
import type { Claimed, ClaimRequest, Queue, Report } from "../ports.ts";
import { joinAgent, leave, readAgents, renewLease } from "./agents.ts";
import { claim } from "./claim.ts";
import type { Feed } from "./feed.ts";
import { limitQueue } from "./lanes.ts";
import { clearQueue, entriesOf, listQueues, moveEntry, pauseQueue } from "./queues.ts";
import { report } from "./report.ts";
import { rescue } from "./rescue.ts";
import type { Roster } from "./roster.ts";
import type { Tables } from "./tables.ts";

export function queueOf(tables: Tables, feed: Feed, roster: Roster): Queue {
  const { database } = tables;
  return {
    join: (agent: Agent) => database.change(() => joinAgent(tables, agent, Date.now())),
    renew: (agent, leaseUntil) => database.write(() => renewLease(tables, agent, leaseUntil)),
    leave: (agent) => database.change(() => leave(tables, agent, Date.now())),
    roster: (reader) => roster.add(reader),
    agents: () => database.read(() => readAgents(database)),
    claim: (request: ClaimRequest): Promise<Claimed> => database.changeLast(() => claim(tables, request, Date.now())),
    report: (given: Report) => database.change(() => report(tables, given, Date.now())),
    rescue: (dead: (agent: Agent) => boolean, run?: TaskId) =>
      database.change(() => rescue(tables, dead, run, Date.now())),
    list: () => database.read(() => listQueues(tables)),
    entries: (queue, limit) => database.read(() => entriesOf(tables, queue, limit)),
    move: (task, to) => database.change(() => moveEntry(tables, task, to, Date.now())),
    clear: (queue) => database.change(() => clearQueue(tables, queue, Date.now())),
    limit: (queue, limit) => database.change(() => limitQueue(tables, queue, limit, Date.now())),
    pause: (queue, paused) => database.change(() => pauseQueue(tables, queue, paused, Date.now())),
    watch: (agent, watcher) => feed.watch(agent, watcher),
  };
}
