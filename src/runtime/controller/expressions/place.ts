/** A place: what can be read and then written, evaluated once. For `+=`, `??=` and `++`. */
import type { Pattern } from "../../../model/expression.ts";
import { PipelineError } from "../../../model/pipeline.ts";
import type { Compile } from "../graph/code.ts";
import type { Names, Scope } from "../graph/scope.ts";
import { getMember, setMember } from "./access.ts";
import { assignVariable, read, type Write } from "./variable.ts";

/** `aim` is called once; what it gives, for both. */
export type Place = {
  aim(scope: Scope): Aim;
  read(scope: Scope, aim: Aim): unknown;
  write(scope: Scope, aim: Aim, value: unknown): void;
};
type Aim = { of: unknown; key: unknown } | undefined;

export function place(target: Pattern, names: Names, compile: Compile): Place {
  if (target.kind === "variable") return variable(target.name, names);
  if (target.kind === "member") return member(target, names, compile);
  throw new PipelineError("the graph updates a pattern, which has no value of its own");
}

function variable(name: string, names: Names): Place {
  return { aim: () => undefined, read: read(name, names), write: withoutAim(assignVariable(name, names)) };
}

const withoutAim =
  (write: Write): Place["write"] =>
  (scope, _aim, value) =>
    write(scope, value);

function member(target: Extract<Pattern, { kind: "member" }>, names: Names, compile: Compile): Place {
  const of = compile.expression(target.of, names);
  const key = compile.expression(target.key, names);
  return {
    aim: (scope) => ({ of: of(scope), key: key(scope) }),
    read: (_scope, aim) => getMember(aim?.of, aim?.key),
    write: (_scope, aim, value) => setMember(aim?.of, aim?.key, value),
  };
}
