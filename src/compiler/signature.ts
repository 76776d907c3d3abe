/** The function of a step or a pipeline, as its callers see it: what it takes, what it gives. */
import { ts } from "ts-morph";
import { memberOf } from "./classes.ts";
import type { Context } from "./context.ts";
import type { Wrapper } from "./dsl.ts";
import { rules } from "./rules.ts";
import { symbolOf, unwrap, variableOf } from "./symbols.ts";
import { isThenable } from "./thenable.ts";

export type Signature = {
  /** Absent where it takes none. */
  input?: { type: ts.Type; node: ts.Node; declaration?: ts.ParameterDeclaration };
  /** What awaiting the result gives. */
  output: { type: ts.Type; node: ts.Node };
};

export type Body = ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration | ts.MethodDeclaration;

/** `undefined` after a problem: no function, not async, a generator, more than one parameter. `what`: `the step "fit"`. */
export function signatureOf(
  { fn, call, owner }: Pick<Wrapper, "fn" | "call" | "owner">,
  what: string,
  context: Context,
): Signature | undefined {
  const { checker, problems } = context;
  const type = fn && typeOf(fn, owner, checker);
  const signature = type?.getCallSignatures()[0];
  if (fn === undefined || type === undefined || signature === undefined) {
    if (owner) problems.report(rules.noRun, call, { what });
    else problems.report(rules.noFunction, call, { what: capital(what) });
    return undefined;
  }
  const body = bodyOf(fn, checker);
  const place = nameOf(body) ?? fn;
  const returns = signature.getReturnType();
  const [parameter, ...more] = signature.getParameters();
  const declaration = parameter?.valueDeclaration;
  const parameterDeclaration = declaration && ts.isParameter(declaration) ? declaration : undefined;

  if (body?.asteriskToken) problems.report(rules.generator, place, { what });
  else if (!isPromise(returns, checker))
    problems.report(rules.notAsync, place, { what, gives: checker.typeToString(returns) });
  else if (more.length > 0 || parameterDeclaration?.dotDotDotToken)
    problems.report(rules.manyParameters, place, {
      what,
      count: more.length > 0 ? String(more.length + 1) : "any number of",
    });
  else {
    const inputType = parameter && checker.getTypeOfSymbolAtLocation(parameter, fn);
    return {
      ...(inputType && {
        input: {
          type: inputType,
          node: parameterDeclaration ?? place,
          ...(parameterDeclaration && { declaration: parameterDeclaration }),
        },
      }),
      output: { type: checker.getAwaitedType(returns) ?? returns, node: body?.type ?? place },
    };
  }
  return undefined;
}

/** A method has the type that the class gives it: a base class may have left some of it open. */
function typeOf(
  fn: ts.Expression | ts.MethodDeclaration,
  owner: ts.ClassDeclaration | undefined,
  checker: ts.TypeChecker,
): ts.Type {
  const member = owner && ts.isMethodDeclaration(fn) ? memberOf(owner, fn.name.getText(), checker) : undefined;
  return member && owner ? checker.getTypeOfSymbolAtLocation(member.symbol, owner) : checker.getTypeAtLocation(fn);
}

/** The function itself, where it is written in the project: in place, or by the name of a function or a const. */
export function bodyOf(fn: ts.Expression | ts.MethodDeclaration, checker: ts.TypeChecker, depth = 0): Body | undefined {
  if (ts.isMethodDeclaration(fn)) return fn.body ? fn : undefined;
  const at = unwrap(fn);
  if (ts.isArrowFunction(at) || ts.isFunctionExpression(at)) return at;
  if (depth > 16 || !(ts.isIdentifier(at) || ts.isPropertyAccessExpression(at))) return undefined;
  const symbol = symbolOf(checker, at);
  const declaration = symbol?.valueDeclaration;
  if (declaration && ts.isFunctionDeclaration(declaration)) return declaration.body ? declaration : undefined;
  const held = variableOf(symbol);
  return held && bodyOf(held.initializer, checker, depth + 1);
}

/** Where a problem of the whole function is shown: short, so that the carets say something. */
function nameOf(body: Body | undefined): ts.Node | undefined {
  if (body === undefined) return undefined;
  return body.name ?? (ts.isArrowFunction(body) ? body.equalsGreaterThanToken : undefined);
}

function isPromise(type: ts.Type, checker: ts.TypeChecker): boolean {
  return (type.flags & ts.TypeFlags.Any) !== 0 || isThenable(type, checker);
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
