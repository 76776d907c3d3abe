/** Timer: begins a wait for a time. */
import type { TimerNode } from "../../../model/node.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import type { Timer } from "../../../model/timer.ts";
import type { Compile, Kind } from "../graph/code.ts";
import { here } from "../graph/context.ts";
import type { Names, Scope } from "../graph/scope.ts";
import { wait } from "./wait.ts";

export const timer: Kind<TimerNode> = wait(timerOf);

/** Begins the wait, in the context that runs now. */
export function timerOf(
  { id, after, until }: TimerNode,
  names: Names,
  compile: Compile,
): (scope: Scope) => Promise<unknown> {
  const given = after ?? until;
  if (given === undefined) throw new PipelineError(`the timer "${id}" says neither how long nor until when`);
  const value = compile.expression(given, names);
  const asked = (value: unknown) =>
    (after === undefined ? { kind: "until", time: value } : { kind: "after", duration: value }) as Timer;
  return (scope) => {
    const timer = asked(value(scope));
    const context = here();
    context.claim(id);
    const { host } = context.run;
    if (!host.timer) throw new TypeError("there are no timers here");
    return host.timer(context.pathOf(id), timer);
  };
}
