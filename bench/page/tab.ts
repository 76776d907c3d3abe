/** A browser's tab that tells what it did: bytes that came, tasks of its main thread, its memory. */
import { join } from "node:path";
import type { Browser, CDPSession, Page } from "playwright-core";

export type Tab = { page: Page; session: CDPSession; seen<T>(expression: string): Promise<T>; close(): Promise<void> };

/** With nothing in its cache. */
export async function newTab(browser: Browser): Promise<Tab> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  await context.addInitScript({ path: join(import.meta.dirname, "watch.js") });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  return {
    page,
    session: await context.newCDPSession(page),
    seen: (expression) => page.evaluate(`globalThis.seen.${expression}`),
    close: () => context.close(),
  };
}

/** Bytes of all that came while `act` went on, as they came, headers too. */
export async function bytesDuring({ session }: Tab, act: () => Promise<unknown>): Promise<number> {
  let bytes = 0;
  await session.send("Network.enable");
  session.on("Network.loadingFinished", ({ encodedDataLength }) => {
    bytes += encodedDataLength;
  });
  await act();
  await session.send("Network.disable");
  return bytes;
}

/** Of the page, after what nobody holds any more is gone; megabytes. */
export async function heapMb({ session }: Tab): Promise<number> {
  await session.send("HeapProfiler.enable");
  await session.send("HeapProfiler.collectGarbage");
  await session.send("HeapProfiler.disable");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}

export type Tasks = {
  /** Milliseconds of the processor, and by the clock, of the longest. */ cpuMs: number;
  ms: number;
};

/** The longest task of the page's main thread while `act` went on. */
export async function longestTask(browser: Browser, { page }: Tab, act: () => Promise<unknown>): Promise<Tasks> {
  await browser.startTracing(page, { categories: ["-*", "disabled-by-default-devtools.timeline", "__metadata"] });
  await act();
  const { traceEvents } = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const mains = new Set(
    traceEvents.filter(({ name, args }) => name === "thread_name" && args.name === "CrRendererMain").map(threadOf),
  );
  const tasks = traceEvents.filter((event) => event.name === "RunTask" && mains.has(threadOf(event)));
  const longest = (time: "dur" | "tdur") => Math.max(0, ...tasks.map((task) => task[time] ?? 0)) / 1_000;
  return { cpuMs: longest("tdur"), ms: longest("dur") };
}

/** Microseconds. */
type TraceEvent = { name: string; pid: number; tid: number; dur?: number; tdur?: number; args: { name?: string } };
const threadOf = ({ pid, tid }: TraceEvent): string => `${pid} ${tid}`;
