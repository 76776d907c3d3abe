/** `while`, `do`, `for`, `for…of`, `for…in` and `for await`. The test, the update and the body of a turn number their calls together. */
import { ts } from "ts-morph";
import type { LoopNode } from "../../model/node.ts";
import { store, wholePattern } from "./destructure.ts";
import { declarations, declareOf } from "./let.ts";
import type { Region } from "./region.ts";
import { isAsync, textOf } from "./syntax.ts";

type Labelled = { label?: string };

export function whileLoop(node: ts.WhileStatement | ts.DoStatement, region: Region, label?: string): void {
  const id = idOf(region, label);
  const turn = region.loop();
  const form = ts.isWhileStatement(node) ? "while" : "do";
  // In the order of the source, so that ids read in that order.
  if (form === "while") {
    const test = testOf(node.expression, turn);
    const nodes = bodyOf(node.statement, turn);
    region.emit(node, { kind: "loop", id, form, ...labelled(label), test, nodes });
  } else {
    const nodes = bodyOf(node.statement, turn);
    region.emit(node, { kind: "loop", id, form, ...labelled(label), test: testOf(node.expression, turn), nodes });
  }
}

export function forLoop(node: ts.ForStatement, region: Region, label?: string): void {
  const id = idOf(region, label);
  const start = region.nested();
  if (node.initializer && ts.isVariableDeclarationList(node.initializer)) declarations(node.initializer, start);
  else if (node.initializer) evaluate(node.initializer, start);
  const turn = region.loop();
  const test = node.condition && testOf(node.condition, turn);
  const nodes = bodyOf(node.statement, turn);
  const after = turn.nested();
  if (node.incrementor) evaluate(node.incrementor, after);
  region.emit(node, {
    kind: "loop",
    id,
    form: "for",
    ...labelled(label),
    ...(start.nodes.length > 0 && { init: start.nodes }),
    ...(test && { test }),
    ...(after.nodes.length > 0 && { update: after.nodes }),
    nodes,
  });
}

export function overLoop(node: ts.ForOfStatement | ts.ForInStatement, region: Region, label?: string): void {
  const value = region.expression(node.expression);
  const id = idOf(region, label);
  const turn = region.loop();
  const body = turn.nested();
  const head = headOf(node.initializer, turn, body);
  const form = ts.isForInStatement(node) ? "in" : node.awaitModifier ? "await" : "of";
  if (form === "await" && !isAsync(region.owner)) region.report(region.shared.problems.awaitOutside, node);
  body.statement(node.statement);
  region.emit(node, { kind: "loop", id, form, ...labelled(label), over: { value, ...head }, nodes: body.nodes });
}

/** What each turn's value goes to. A pattern that needs nodes of its own is taken apart at the beginning of the body. */
function headOf(
  initializer: ts.ForInitializer,
  turn: Region,
  body: Region,
): Omit<NonNullable<LoopNode["over"]>, "value"> {
  const isList = ts.isVariableDeclarationList(initializer);
  const declare = isList ? declareOf(initializer, turn) : undefined;
  const target = isList ? (initializer.declarations[0] as ts.VariableDeclaration).name : initializer;
  const pattern = wholePattern(target, turn);
  if (pattern) return { ...(declare && { declare }), target: pattern };
  const name = turn.shared.names.temporary();
  store(target, { kind: "variable", name }, declare, body);
  return { declare: "const", target: { kind: "variable", name } };
}

function testOf(node: ts.Expression, turn: Region): LoopNode["test"] {
  const inside = turn.nested();
  const value = inside.expression(node);
  return { nodes: inside.nodes, value, text: textOf(node) };
}

function bodyOf(node: ts.Statement, turn: Region): LoopNode["nodes"] {
  const inside = turn.nested();
  inside.statement(node);
  return inside.nodes;
}

function evaluate(node: ts.Expression, region: Region): void {
  const before = region.nodes.length;
  const value = region.expression(node);
  const isDone = region.nodes.length > before && typeof value === "object" && value?.kind === "variable";
  if (!isDone) region.emit(node, { kind: "let", id: region.ids.counted("let"), value });
}

const idOf = (region: Region, label?: string): string =>
  label === undefined ? region.ids.counted("loop") : region.ids.named(label);
const labelled = (label?: string): Labelled => (label === undefined ? {} : { label });
