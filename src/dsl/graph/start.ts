/** Start: a step that the graph holds by a handle, to react to what it reports while it runs. */
import type { Expression } from "../../model/expression.ts";
import type { Point } from "../../model/handle.ts";
import type { AuthorFunction } from "../author-function.ts";
import type { Draft, Placed } from "./draft.ts";
import { expressionOf } from "./expression.ts";
import type { Given, Ref } from "./reference.ts";
import { addCall, type Call, type Output } from "./step.ts";

/** A step that was started. Each word adds a node, under a name of its own. */
export interface StartedStep<Output> {
  /** The step's output, when it has ended. */
  result(name: string): Ref<Output>;
  /**
   * The first point of the series that meets the predicate, while the step still runs; undefined where it ends first. The predicate is called once, to put
   * a condition together.
   */
  metric(
    name: string,
    title: Given<string>,
    series: Given<string>,
    predicate: (point: Ref<Point>) => Given<boolean>,
  ): Ref<Point | undefined>;
  /** Asks the step to end; within a branch, where the graph decides to. */
  abort(name: string, reason?: Given<string>): void;
}

/** `place`: where the word was called that stands above. */
export function addStart<F extends AuthorFunction>(
  draft: Draft,
  call: Call,
  place: (word: (...args: never[]) => unknown) => Placed,
): StartedStep<Output<F>> {
  const { name } = call;
  const handle = addCall(draft, call, "handle");
  const asked = (word: string, args: Expression[]): Expression => ({
    kind: "apply",
    callee: { kind: "member", of: handle, key: word },
    args,
  });
  const wait = <T>(own: string, value: Expression, reads: string[], at: Placed): Ref<T> => {
    const id = draft.claim(own);
    const variable = draft.variable(own);
    draft.add({ kind: "await", id, value, declare: "const", target: variable, reads, writes: [variable.name] }, at);
    return draft.reference(variable, own);
  };
  const started: StartedStep<Output<F>> = {
    result: (own) => wait(own, asked("result", []), draft.reads([handle]), place(started.result)),
    metric(own, title, series, predicate) {
      const names = [title, series].map((text) => expressionOf(text, `what "${own}" watches`));
      const condition = draft.predicate(own, (point) => predicate(draft.reference<Point>(point, "point")));
      const reads = [...new Set([...draft.reads([handle, ...names]), ...condition.reads])].sort();
      return wait(own, asked("metric", [...names, condition.arrow]), reads, place(started.metric));
    },
    abort(own, reason = `"${name}" is not needed any more`) {
      const value = asked("abort", [expressionOf(reason, `the reason of "${own}"`)]);
      const reads = draft.reads([value]);
      draft.add({ kind: "let", id: draft.claim(own), value, reads, writes: [] }, place(started.abort));
    },
  };
  return started;
}
