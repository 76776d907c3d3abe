/**
 * Two machines, two clocks. What is said to the hub of times to come is said by the hub's, and heard by this machine's: a lease of 30 s is one of 30 s, however
 * wrong either clock is.
 */

/** Nearer to each other they count as the same. */
const sameMs = 1_000;

export class HubClock {
  /** How far the hub's is ahead of ours. */
  readonly #aheadMs: number;

  /** `began` and `ended`: of the request that asked for `hubNow`, by our clock. */
  constructor(hubNow: number, began: number, ended: number) {
    const ahead = hubNow - (began + ended) / 2;
    this.#aheadMs = Math.abs(ahead) < sameMs + (ended - began) ? 0 : Math.round(ahead);
  }

  toHub(at: number): number {
    return at + this.#aheadMs;
  }

  fromHub(at: number): number {
    return at - this.#aheadMs;
  }
}
