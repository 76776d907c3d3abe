/** For tests of programs that let a step's failure wait for its `await`, or never ask for it: that is no failure of the tests. */
import { beforeAll } from "vitest";

const events = ["unhandledRejection", "rejectionHandled"] as const;
const ignore = () => {};

export function allowUnhandledRejections(): void {
  beforeAll(() => {
    const others = events.map((event) => [event, process.listeners(event as never)] as const);
    for (const event of events) process.removeAllListeners(event).on(event, ignore);
    return () => {
      for (const [event, listeners] of others) {
        process.off(event, ignore);
        for (const listener of listeners) process.on(event, listener);
      }
    };
  });
}
