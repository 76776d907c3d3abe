/** The ways out: `return`, `throw`, `break` and `continue`. */
import type { ts } from "ts-morph";
import type { Region } from "./region.ts";

export function returnStatement(node: ts.ReturnStatement, region: Region): void {
  const value = node.expression && region.expression(node.expression, "result");
  region.emit(node, { kind: "return", id: region.ids.counted("return"), ...(value !== undefined && { value }) });
}

export function throwStatement(node: ts.ThrowStatement, region: Region): void {
  const value = region.expression(node.expression);
  region.emit(node, { kind: "throw", id: region.ids.counted("throw"), value });
}

export function breakStatement(node: ts.BreakStatement, region: Region): void {
  region.emit(node, { kind: "break", id: region.ids.counted("break"), ...(node.label && { label: node.label.text }) });
}

export function continueStatement(node: ts.ContinueStatement, region: Region): void {
  region.emit(node, {
    kind: "continue",
    id: region.ids.counted("continue"),
    ...(node.label && { label: node.label.text }),
  });
}
