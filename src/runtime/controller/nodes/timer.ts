/** Timer: begins a wait for a time. Nothing waits here: what is awaited is its promise. */
import type { TimerNode } from "../../../model/node.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import type { Timer } from "../../../model/timer.ts";
import { initialize } from "../expressions/variable.ts";
import type { Kind } from "../graph/code.ts";
import { here } from "../graph/context.ts";

export const timer: Kind<TimerNode> = {
  declares: ({ into }) => [{ name: into, constant: true }],
  compile({ id, after, until, into }, { names }, compile) {
    const given = after ?? until;
    if (given === undefined) throw new PipelineError(`the timer "${id}" says neither how long nor until when`);
    const value = compile.expression(given, names);
    const timerOf = (value: unknown) =>
      (after === undefined ? { kind: "until", time: value } : { kind: "after", duration: value }) as Timer;
    const keep = initialize(into, names);
    return {
      kind: "plain",
      run(scope) {
        const asked = timerOf(value(scope));
        const context = here();
        context.claim(id);
        const { host } = context.run;
        if (!host.timer) throw new TypeError("there are no timers here");
        keep(scope, host.timer(context.pathOf(id), asked));
        return undefined;
      },
    };
  },
};
