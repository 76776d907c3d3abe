/** What a link of an optional chain gives when the chain has ended before it. */
export const short: unique symbol = Symbol("short");
