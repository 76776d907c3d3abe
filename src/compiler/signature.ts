/** The function of a step or a pipeline, as its callers see it: what it takes, what it gives. */
import { ts } from "ts-morph";
import type { Context } from "./context.ts";
import { rules } from "./rules.ts";
import { symbolOf, unwrap, variableOf } from "./symbols.ts";

export type Signature = {
  /** Absent where it takes none. */
  input?: { type: ts.Type; node: ts.Node; declaration?: ts.ParameterDeclaration };
  /** What awaiting the result gives. */
  output: { type: ts.Type; node: ts.Node };
};

export type Body = ts.ArrowFunction | ts.FunctionExpression | ts.FunctionDeclaration;

/** `undefined` after a problem: no function, not async, a generator, more than one parameter. `what`: `the step "fit"`. */
export function signatureOf(
  fn: ts.Expression | undefined,
  call: ts.Node,
  what: string,
  context: Context,
): Signature | undefined {
  const { checker, problems } = context;
  const type = fn && checker.getTypeAtLocation(fn);
  const signature = type?.getCallSignatures()[0];
  if (fn === undefined || type === undefined || signature === undefined) {
    problems.report(rules.noFunction, call, { what: capital(what) });
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

/** The function itself, where it is written in the project: in place, or by the name of a function or a const. */
export function bodyOf(fn: ts.Expression, checker: ts.TypeChecker, depth = 0): Body | undefined {
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
  return (type.flags & ts.TypeFlags.Any) !== 0 || checker.getPropertyOfType(type, "then") !== undefined;
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
