/** Shows a run while it runs: a tree that is redrawn in place on a terminal, else plain lines. */

import type { Event } from "../../model/event.ts";
import type { RunState } from "../../runtime/controller/state.ts";
import type { Store } from "../../runtime/ports.ts";
import { PlainView } from "./plain.ts";
import { hasColor, widthOfStream } from "./style.ts";
import { render } from "./tree.ts";

export type Shown = {
  /** Stands below the tree, or is a line of its own. */
  note(text: string): void;
  /** Shows the last of it. */
  end(): Promise<void>;
  /** Shows no more of a run that goes on. */
  leave(): void;
};

/** As RxJS has it; it completes when the run has ended. */
type Stream<T> = {
  subscribe(observer: { next(value: T): void; complete(): void; error(error: unknown): void }): unknown;
};

/** So often at most. Milliseconds. */
const redrawMs = 70;

export async function showTree(state$: Stream<RunState>, terminal: NodeJS.WriteStream): Promise<Shown> {
  const { createLogUpdate } = await import("log-update");
  const update = createLogUpdate(terminal);
  let state: RunState | undefined;
  let note = "";
  const draw = () => {
    if (!state) return;
    const height = (terminal.rows ?? 24) - 2;
    const lines = render(state, {
      width: widthOfStream(terminal) - 1,
      height,
      now: Date.now(),
      color: hasColor(terminal),
    });
    update([...lines, ...(note ? [note] : [])].join("\n"));
  };
  const ended = new Promise<void>((resolve) => {
    const next = (latest: RunState) => {
      state = latest;
    };
    state$.subscribe({ next, complete: resolve, error: () => resolve() });
  });
  const timer = setInterval(draw, redrawMs);
  const leave = () => {
    clearInterval(timer);
    note = "";
    draw();
    update.done();
  };
  return {
    note(text) {
      note = text;
      draw();
    },
    async end() {
      await ended;
      leave();
    },
    leave,
  };
}

/** From the events after `after` on. */
export function showLines(
  store: Pick<Store, "events">,
  run: { id: string; after: number; fanOuts: Iterable<string> },
  terminal: NodeJS.WriteStream,
): Shown {
  const view = new PlainView(run.id, run.fanOuts);
  let seen = run.after;
  const show = (events: readonly Event[]) => {
    for (const event of events) {
      if (event.seq <= seen) continue;
      seen = event.seq;
      for (const line of view.lines(event)) terminal.write(`${line}\n`);
    }
  };
  const stop = store.events.follow(run.id, run.after, show);
  return {
    note: (text) => void terminal.write(`${text}\n`),
    async end() {
      stop();
      show(await store.events.read(run.id, seen));
    },
    leave: stop,
  };
}

export const showNothing: Shown = { note: () => {}, end: async () => {}, leave: () => {} };
