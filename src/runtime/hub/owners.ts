/** Whose agents are whose: what one token's agent has claimed, no other token reports, renews or gives up. */
import { Refusal } from "./errors.ts";
import type { Caller } from "./routes/route.ts";

export class Owners {
  readonly #owners = new Map<string, string>();

  /** The first to speak for an agent is its owner, also after the hub was started anew. Throws a Refusal for anybody else but an admin. */
  check({ id, role }: Caller, agent: string): void {
    const owner = this.#owners.get(agent);
    if (owner === undefined) this.#owners.set(agent, id);
    else if (owner !== id && role !== "admin")
      throw new Refusal("Forbidden", `the agent "${agent}" has joined with another token`);
  }

  forget(agent: string): void {
    this.#owners.delete(agent);
  }
}
