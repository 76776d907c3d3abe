/** Fuel: what the turns of loops and the entries of functions burn, so that a body that computes without end cannot block its controller. */
export class Fuel {
  readonly limit: number;
  left: number;

  /** `limit`: turns and entries between two deliveries. */
  constructor(limit = 10_000_000) {
    this.limit = limit;
    this.left = limit;
  }

  /** To be called at each delivery. What ran out stays so. */
  refuel(): void {
    if (this.left >= 0) this.left = this.limit;
  }
}
