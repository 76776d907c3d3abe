/**
 * The language that a body may be written in, as a list: every construct by its name, and what is such a construct in a program's syntax. That random
 * programs hold every one of them is what makes their agreement a proof.
 */
import { ts } from "ts-morph";

const { SyntaxKind: Kind } = ts;

type Is = (node: ts.Node) => boolean;

/** Which of those constructs a program holds, of all where not said. */
export function constructsOf(program: string, wanted: readonly string[] = Object.keys(constructs)): Set<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    for (const name of wanted) if (!found.has(name) && constructs[name]?.(node)) found.add(name);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("program.ts", program, ts.ScriptTarget.ES2024, true));
  return found;
}

export const constructs: Record<string, Is> = {
  // Declarations and assignments
  const: (node) => ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Const) !== 0 && inBody(node),
  let: (node) => ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.Let) !== 0 && inBody(node),
  "object pattern": (node) => ts.isObjectBindingPattern(node) && ts.isVariableDeclaration(node.parent),
  "array pattern": (node) => ts.isArrayBindingPattern(node) && ts.isVariableDeclaration(node.parent),
  "default in a pattern": (node) => ts.isBindingElement(node) && node.initializer !== undefined,
  "await in a pattern's default": (node) =>
    ts.isBindingElement(node) && node.initializer !== undefined && awaits(node.initializer),
  "rest in an object pattern": (node) => isRest(node) && ts.isObjectBindingPattern(node.parent),
  "rest in an array pattern": (node) => isRest(node) && ts.isArrayBindingPattern(node.parent),
  "computed key in a pattern": (node) => ts.isBindingElement(node) && isComputed(node.propertyName),
  "destructuring assignment": (node) =>
    isAssignment(node, "=") && (ts.isArrayLiteralExpression(node.left) || ts.isObjectLiteralExpression(node.left)),
  "destructuring in a loop's head": (node) =>
    ts.isForOfStatement(node) &&
    ts.isVariableDeclarationList(node.initializer) &&
    !ts.isIdentifier(node.initializer.declarations[0]!.name),
  shadowing: (node) => ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && hides(node, node.name.text),
  "compound assignment": (node) => ["+=", "-=", "*=", "**=", "<<="].some((op) => isAssignment(node, op)),
  "logical assignment": (node) => ["&&=", "||=", "??="].some((op) => isAssignment(node, op)),
  "await right of a logical assignment": (node) =>
    ["&&=", "||=", "??="].some((op) => isAssignment(node, op) && awaits(node.right)),
  "++ and --": (node) =>
    (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) &&
    (node.operator === Kind.PlusPlusToken || node.operator === Kind.MinusMinusToken),

  // Branches
  if: ts.isIfStatement,
  else: (node) => ts.isIfStatement(node) && node.elseStatement !== undefined,
  switch: ts.isSwitchStatement,
  "fallthrough in a switch": (node) =>
    ts.isCaseClause(node) && node !== node.parent.clauses.at(-1) && !/break;\s*\}?$/.test(node.getText()),
  "default in a switch": ts.isDefaultClause,
  "await in a case": (node) => ts.isCaseClause(node) && awaits(node.expression),
  ternary: ts.isConditionalExpression,
  "await in a ternary": (node) => ts.isConditionalExpression(node) && (awaits(node.whenTrue) || awaits(node.whenFalse)),
  ...eachOf(["&&", "||", "??"], (op) => (node) => isBinary(node, op)),
  ...eachOf(["await left of &&", "await left of ||", "await left of ??"], (name) => (node) => {
    return isBinary(node, name.slice(-2)) && awaits(node.left);
  }),
  ...eachOf(["await right of &&", "await right of ||", "await right of ??"], (name) => (node) => {
    return isBinary(node, name.slice(-2)) && awaits(node.right);
  }),
  "optional member": (node) => ts.isPropertyAccessExpression(node) && node.questionDotToken !== undefined,
  "optional element": (node) => ts.isElementAccessExpression(node) && node.questionDotToken !== undefined,
  "optional call": (node) => ts.isCallExpression(node) && node.questionDotToken !== undefined,
  "await in an optional chain": (node) =>
    (ts.isElementAccessExpression(node) && node.questionDotToken !== undefined && awaits(node.argumentExpression)) ||
    (ts.isCallExpression(node) && node.questionDotToken !== undefined && node.arguments.some(awaits)),

  // Loops
  while: ts.isWhileStatement,
  "await in a loop's test": (node) => (ts.isWhileStatement(node) || ts.isDoStatement(node)) && awaits(node.expression),
  do: ts.isDoStatement,
  for: ts.isForStatement,
  "for of": (node) => ts.isForOfStatement(node) && node.awaitModifier === undefined,
  "for in": ts.isForInStatement,
  "for await": (node) => ts.isForOfStatement(node) && node.awaitModifier !== undefined,
  break: (node) =>
    ts.isBreakStatement(node) && node.label === undefined && !ts.isCaseOrDefaultClause(node.parent.parent),
  continue: (node) => ts.isContinueStatement(node) && node.label === undefined,
  "break with a label": (node) => ts.isBreakStatement(node) && node.label !== undefined,
  "continue with a label": (node) => ts.isContinueStatement(node) && node.label !== undefined,
  "break with a label out of loops that await": (node) => ts.isBreakStatement(node) && leavesAwaiting(node),
  "continue with a label out of loops that await": (node) => ts.isContinueStatement(node) && leavesAwaiting(node),
  "labelled block": (node) => ts.isLabeledStatement(node) && ts.isBlock(node.statement),
  "early return": (node) => ts.isReturnStatement(node) && ts.isIfStatement(node.parent),
  "closure over a loop's variable": (node) => ts.isArrowFunction(node) && /^fs_\w+\.push$/.test(calleeOf(node.parent)),

  // Errors
  try: (node) => ts.isTryStatement(node) && node.catchClause !== undefined,
  finally: (node) => ts.isTryStatement(node) && node.finallyBlock !== undefined,
  "await in a finally": (node) =>
    ts.isTryStatement(node) && node.finallyBlock !== undefined && awaits(node.finallyBlock),
  "catch without a name": (node) => ts.isCatchClause(node) && node.variableDeclaration === undefined,
  "pattern in a catch": (node) =>
    ts.isCatchClause(node) && node.variableDeclaration !== undefined && !ts.isIdentifier(node.variableDeclaration.name),
  "throw an error": (node) => ts.isThrowStatement(node) && ts.isNewExpression(node.expression),
  "throw a value": (node) => ts.isThrowStatement(node) && !ts.isNewExpression(node.expression),
  "an error with a cause": (node) => ts.isNewExpression(node) && /\{ cause: /.test(node.getText()),
  "an error's class name, message and cause": (node) =>
    ts.isCatchClause(node) && /\.name.*\.message.*\.cause/.test(node.getText()),
  "instanceof a built-in class": (node) => isInstanceOf(node, "RangeError"),
  "instanceof an author's class that a step throws": (node) => isInstanceOf(node, "NotReady"),

  // Promises
  "call of a step": (node) => isStepCall(node),
  "promise kept and awaited later": (node) => ts.isAwaitExpression(node) && /^p\d+$/.test(node.expression.getText()),
  "promises in an array": (node) => isKept(node, /^const kept\d+: any\[\] = \[\]/),
  "promises in a map": (node) => isKept(node, /^const kept\d+ = new Map/),
  "promises in an object": (node) => isKept(node, /^const kept\d+: any = \{/),
  ...eachOf(["Promise.all", "Promise.allSettled", "Promise.race", "Promise.any"], calls),
  ...eachOf(["Promise.resolve", "Promise.reject", "Promise.withResolvers"], calls),
  ...eachOf([".then", ".catch", ".finally"], (name) => (node) => calleeOf(node).endsWith(name)),
  "then with both ends, as a statement": (node) =>
    ts.isExpressionStatement(node) && calleeOf(node.expression).endsWith(".then"),
  "await in an argument": (node) => ts.isCallExpression(node) && node.arguments.some(awaits),
  "await in a template": (node) => ts.isTemplateExpression(node) && node.templateSpans.some(awaits),
  "await in an array": (node) => ts.isArrayLiteralExpression(node) && node.elements.some(awaits),
  "await in an object": (node) => ts.isObjectLiteralExpression(node) && node.properties.some(awaits),
  "await right of an operator": (node) =>
    ts.isBinaryExpression(node) && node.operatorToken.kind === Kind.PlusToken && awaits(node.right),
  "async map": (node) => isAsyncCallback(node, "map"),
  "async reduce": (node) => isAsyncCallback(node, "reduce"),
  "async forEach": (node) => isAsyncCallback(node, "forEach"),
  "a step as a value": (node) => ts.isCallExpression(node) && /\.map\((this\.)?a\)$/.test(node.getText()),

  // Waits, chance and time, handles
  ...eachOf(["sleep", "sleepUntil", "signal", "start", "detach"], calls),
  "signal with a limit": (node) => calls("signal")(node) && /timeLimit/.test(node.getText()),
  "result of a handle": (node) => ts.isAwaitExpression(node) && /^h\d+\.result\(\)$/.test(node.expression.getText()),
  "abort of a handle": (node) => /^h\d+\.abort$/.test(calleeOf(node)),
  ...eachOf(["Date.now", "Math.random", "performance.now", "crypto.randomUUID"], calls),
  "new Date() of now": (node) => ts.isNewExpression(node) && node.getText() === "new Date()",

  // Functions
  "local function": (node) => ts.isFunctionDeclaration(node) && inBody(node),
  "local async function": (node) => ts.isFunctionDeclaration(node) && inBody(node) && isAsync(node),
  arrow: (node) => isHeldArrow(node) && !isAsync(node),
  "async arrow": (node) => isHeldArrow(node) && isAsync(node),
  "async function called several times": (node) => ts.isFunctionLike(node) && isAsync(node) && callsTwice(node),
  "recursion of a local function": (node) =>
    ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && callsItself(node, node.name.text),
  "recursion of a pipeline": (node) =>
    ts.isVariableDeclaration(node) && /^nested/.test(node.name.getText()) && callsItself(node, node.name.getText()),
  "call of a pipeline": (node) => /^nested\d$/.test(calleeOf(node)),
  "default of a parameter": (node) => ts.isParameter(node) && node.initializer !== undefined,
  "pattern as a parameter": (node) => ts.isParameter(node) && !ts.isIdentifier(node.name) && inBody(node),
  "rest parameter": (node) => ts.isParameter(node) && node.dotDotDotToken !== undefined && inBody(node),
  "spread argument": (node) => ts.isSpreadElement(node) && ts.isCallExpression(node.parent),
  "spread in an array": (node) => ts.isSpreadElement(node) && ts.isArrayLiteralExpression(node.parent),
  "spread in an object": ts.isSpreadAssignment,
  "pure function of the module": calls("pure"),
  "pure functions of another file": (node) => ts.isImportDeclaration(node) && node.getText().includes("helpers.ts"),

  // Types that leave no trace
  generics: (node) => ts.isFunctionLike(node) && node.typeParameters !== undefined && inBody(node),
  enum: ts.isEnumDeclaration,
  "member of an enum": (node) => ts.isPropertyAccessExpression(node) && node.expression.getText() === "Mode",
  "as const": (node) => ts.isAsExpression(node) && node.type.getText() === "const",
  satisfies: ts.isSatisfiesExpression,
  "non-null assertion": ts.isNonNullExpression,

  // Values
  "template string": ts.isTemplateExpression,
  "computed key": (node) => ts.isPropertyAssignment(node) && isComputed(node.name),
  "await in a computed key": (node) => ts.isComputedPropertyName(node) && awaits(node.expression),
  typeof: (node) => ts.isTypeOfExpression(node),
  void: (node) => ts.isVoidExpression(node),
  delete: (node) => ts.isDeleteExpression(node),
  in: (node) => isBinary(node, "in"),
  "**": (node) => isBinary(node, "**"),
  bitwise: (node) => ["&", "|", "^", "<<", ">>", ">>>"].some((op) => isBinary(node, op)),
  comma: (node) => isBinary(node, ","),
  bigint: (node) => ts.isBigIntLiteral(node),
  "regular expression": (node) => ts.isRegularExpressionLiteral(node),
  "typed array": (node) => ts.isNewExpression(node) && /^(Uint8|Float64)Array$/.test(node.expression.getText()),
  date: (node) => ts.isNewExpression(node) && node.expression.getText() === "Date" && node.arguments?.length !== 0,
  "change of a map": (node) => /^m(ap|\d+)\.(set|delete)$/.test(calleeOf(node)),
  "change of a set": (node) => /^set\d*\.(add|delete)$/.test(calleeOf(node)),
  "change of a map that is gone through": (node) => changesWhileGoneThrough(node, /^m(ap|\d+)$/),
  "change of a set that is gone through": (node) => changesWhileGoneThrough(node, /^set\d*$/),
  aliasing: (node) => ts.isVariableDeclaration(node) && /^[lo]\d+: any = [lo]\w*$/.test(node.getText()),
  ...eachOf(["JSON.stringify", "JSON.parse", "Object.entries", "structuredClone", "Math.max"], calls),

  // The class door
  "a class": (node) => ts.isClassDeclaration(node) && node.name?.text === "Program",
  "a step of the class": (node) => /^this\.(c|fit|late)$/.test(calleeOf(node)),
  "a step of the base class": (node) => /^this\.[ab]$/.test(calleeOf(node)),
  "a method of the class": calls("this.twice"),
  "a method of the class that starts steps": calls("this.both"),
};

function eachOf(names: string[], is: (name: string) => Is): Record<string, Is> {
  return Object.fromEntries(names.map((name) => [name, is(name)]));
}

function calls(callee: string): Is {
  return (node) => calleeOf(node) === callee;
}

function calleeOf(node: ts.Node): string {
  return ts.isCallExpression(node) ? node.expression.getText() : "";
}

const inBody = (node: ts.Node): boolean =>
  ts.findAncestor(node.parent, (at) => ts.isFunctionLike(at) && !ts.isSourceFile(at.parent)) !== undefined ||
  ts.findAncestor(node.parent, (at) => ts.isFunctionDeclaration(at) && at.name?.text === "body") !== undefined;

/** Does it await, in itself and not in a function that it declares? */
function awaits(node: ts.Node): boolean {
  if (ts.isAwaitExpression(node)) return true;
  if (ts.isFunctionLike(node)) return false;
  return ts.forEachChild(node, (child) => awaits(child) || undefined) ?? false;
}

const isBinary = (node: ts.Node, op: string): node is ts.BinaryExpression =>
  ts.isBinaryExpression(node) && node.operatorToken.getText() === op;
const isAssignment = isBinary;
const isInstanceOf = (node: ts.Node, name: string): boolean =>
  isBinary(node, "instanceof") && node.right.getText() === name;
const isRest = (node: ts.Node): node is ts.BindingElement =>
  ts.isBindingElement(node) && node.dotDotDotToken !== undefined;
const isComputed = (name: ts.PropertyName | undefined): boolean =>
  name !== undefined && ts.isComputedPropertyName(name);
const isAsync = (node: ts.Node): boolean =>
  ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some(({ kind }) => kind === Kind.AsyncKeyword) ?? false);
const isHeldArrow = (node: ts.Node): boolean => ts.isArrowFunction(node) && ts.isVariableDeclaration(node.parent);
const isStepCall = (node: ts.Node): boolean => /^(this\.)?(a|b|c|fit|late)$/.test(calleeOf(node));

/** An arrow that awaits, given to that method of an array. */
const isAsyncCallback = (node: ts.Node, method: string): boolean =>
  ts.isCallExpression(node) &&
  ts.isPropertyAccessExpression(node.expression) &&
  node.expression.name.text === method &&
  node.arguments.some(isAsync);

const isKept = (node: ts.Node, text: RegExp): boolean => ts.isVariableStatement(node) && text.test(node.getText());

/** Is a variable of that name declared by a block around the one that declares it? */
function hides(node: ts.Node, name: string): boolean {
  const own = ts.findAncestor(node, ts.isBlock);
  const outer = own && ts.findAncestor(own.parent, ts.isBlock);
  return (
    outer?.statements.some(
      (at) =>
        ts.isVariableStatement(at) && at.declarationList.declarations.some((each) => each.name.getText() === name),
    ) ?? false
  );
}

/** Leaves, by a label, a loop within the labelled one, where something is awaited. */
function leavesAwaiting(node: ts.BreakStatement | ts.ContinueStatement): boolean {
  const { label } = node;
  if (label === undefined) return false;
  const loop = ts.findAncestor(node, (at) => ts.isLabeledStatement(at) && at.label.text === label.text);
  const inner = ts.findAncestor(node, (at) => ts.isIterationStatement(at, false));
  return loop !== undefined && inner !== undefined && inner.parent !== loop && awaits(loop);
}

function callsItself(node: ts.Node, name: string): boolean {
  return ts.forEachChild(node, (child) => calleeOf(child) === name || callsItself(child, name) || undefined) ?? false;
}

/** Calls one of its local async functions in two places. */
function callsTwice(node: ts.Node): boolean {
  const counts = new Map<string, number>();
  for (const [, name] of node.getText().matchAll(/await (f\d+)\(/g)) counts.set(name!, (counts.get(name!) ?? 0) + 1);
  return [...counts.values()].some((count) => count > 1);
}

function changesWhileGoneThrough(node: ts.Node, name: RegExp): boolean {
  if (!ts.isForOfStatement(node) || !name.test(node.expression.getText())) return false;
  const text = node.statement.getText();
  const over = node.expression.getText();
  return text.includes(`${over}.delete(`) && (text.includes(`${over}.add(`) || text.includes(`${over}.set(`));
}
