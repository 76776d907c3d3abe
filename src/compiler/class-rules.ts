/** What the class door asks of a class, beside what it asks of every step and pipeline. */
import { ts } from "ts-morph";
import { chainOf, isStatic } from "./classes.ts";
import type { Context } from "./context.ts";
import { rules } from "./rules.ts";

/** `what`: `the pipeline "nightly"`. */
export function checkClass(owner: ts.ClassDeclaration, what: string, context: Context): void {
  const { checker, problems, program } = context;
  if (program.getCompilerOptions().experimentalDecorators) problems.report(rules.experimentalDecorators, owner);
  const classes = chainOf(owner, checker);
  const made = classes.flatMap(({ members }) => members.filter(ts.isConstructorDeclaration))[0];
  const needed = made?.parameters.find((one) => !one.questionToken && !one.initializer && !one.dotDotDotToken);
  if (needed) problems.report(rules.classNeedsArguments, needed, { what });
  for (const member of classes.flatMap(({ members }) => [...members])) checkMember(member, context);
}

function checkMember(member: ts.ClassElement, { dsl, problems }: Context): void {
  if (!ts.canHaveDecorators(member) || !dsl.stepDecorator(member)) return;
  const found = strayStep(member);
  if (found) problems.report(rules.stepPlace, member.name ?? member, { found });
}

/** What `@step` stands on, where that can be no step. */
function strayStep(member: ts.ClassElement): string | undefined {
  if (!ts.isMethodDeclaration(member)) return ts.isPropertyDeclaration(member) ? "a field" : "an accessor";
  if (ts.isPrivateIdentifier(member.name)) return "a private method";
  if (!ts.isIdentifier(member.name)) return "a method whose name is computed or quoted";
  return isStatic(member) ? "a static method" : undefined;
}
