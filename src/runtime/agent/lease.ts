/** The lease: how an agent stays known as alive, and how the work of one that is not is taken over. */
import { hostname } from "node:os";
import type { Agent, TaskId } from "../../model/task.ts";
import { LostLeaseError, type Store } from "../ports.ts";
import { hasEnded, processStart } from "./process-start.ts";

/** Who runs here: the part of an agent's record that tells its process from every other. */
export function thisProcess(): Pick<Agent, "host" | "pid" | "processStart"> {
  return { host: hostname(), pid: process.pid, processStart: processStart(process.pid) ?? "" };
}

/**
 * Whether the agent is gone. On this machine its process is looked for, so that nobody waits for a lease; on another, its lease has run
 * out by `now`.
 */
export function isDead(agent: Pick<Agent, "host" | "pid" | "processStart" | "leaseUntil">, now: number): boolean {
  return agent.host === hostname() ? processStart(agent.pid) !== agent.processStart : agent.leaseUntil < now;
}

/** So often who works or waits looks whether processes of agents on this machine have ended: nobody could tell it. The store is not asked for that. */
const lookMs = 1_000;

/**
 * Looks for agents of this machine that have died, without waiting for their leases: what they ran goes on elsewhere, and what waits for them says so. `failed`
 * hears why that was not possible. Gives the way to stop.
 */
export function lookForDead(
  store: Pick<Store, "queue">,
  { run, failed }: { run?: TaskId; failed(error: unknown): void },
): () => void {
  let here: Agent[] = [];
  let isRescuing = false;
  const look = () => {
    // A store elsewhere may take its time.
    if (isRescuing || !here.some(({ pid }) => hasEnded(pid))) return;
    isRescuing = true;
    rescue(store, run)
      .catch(failed)
      .finally(() => {
        isRescuing = false;
      });
  };
  const stopReading = store.queue.roster({
    hear(agents) {
      here = agents.filter(({ host, queues }) => host === hostname() && (run === undefined || queues.length > 0));
      look();
    },
    fail: failed,
  });
  const timer = setInterval(look, lookMs).unref();
  return () => {
    clearInterval(timer);
    stopReading();
  };
}

/** Queues again what dead agents were running, of one run or of all. Gives the tasks. */
export function rescue(store: Pick<Store, "queue">, run?: TaskId): Promise<TaskId[]> {
  return store.queue.rescue((agent) => isDead(agent, Date.now()), run);
}

export interface Lease {
  /** Makes the agent known again, where it was silent for so long that others have forgotten it. */
  rejoin(): Promise<void>;
  /** Says that the agent takes nothing more. */
  drain(): Promise<void>;
  /** Renews no more. */
  end(): void;
}

/**
 * Joins, takes over what the dead left behind, and keeps both up at a third of the lease. `failed` hears why a renewal was not possible.
 */
export async function holdLease(
  store: Pick<Store, "queue">,
  agent: Omit<Agent, "leaseUntil">,
  { leaseMs, run, failed }: { leaseMs: number; run?: TaskId; failed(error: unknown): void },
): Promise<Lease> {
  const leaseUntil = () => Date.now() + leaseMs;
  let { slots } = agent;
  const rejoin = () => store.queue.join({ ...agent, slots, leaseUntil: leaseUntil() });
  const renew = async () => {
    await store.queue.renew(agent.id, leaseUntil()).catch(ifForgotten(rejoin));
    await rescue(store, run);
  };
  await rejoin();
  await rescue(store, run);
  const timer = setInterval(() => renew().catch(failed), leaseMs / 3).unref();
  const stopLooking = lookForDead(store, { ...(run && { run }), failed });
  return {
    rejoin,
    drain() {
      slots = 0;
      return rejoin();
    },
    end() {
      clearInterval(timer);
      stopLooking();
    },
  };
}

const ifForgotten = (rejoin: () => Promise<void>) => (error: unknown) => {
  if (!(error instanceof LostLeaseError)) throw error;
  return rejoin();
};
