/** A call of a step is a step; of a pipeline, the group of what that draws; of a local function, the function's own group, run once more. */

import { definitionOf } from "../../../model/definition.ts";
import type { CallNode } from "../../../model/node.ts";
import type { Definition } from "../../../model/pipeline.ts";
import type { Group, Shape } from "../picture.ts";
import { activate } from "./function.ts";
import type { Painter } from "./painter.ts";

export function paintCall(painter: Painter, node: CallNode): void {
  if (node.template === undefined) callFunction(painter, node);
  else callTemplate(painter, node, node.template);
}

function callTemplate(painter: Painter, node: CallNode, template: string): void {
  const label = node.id === template ? template : `${node.id} = ${template}`;
  const words = { id: node.id, label, template, path: painter.path(node.id) };
  const called = calledBy(painter, template);
  const shape = called ? drawCalled(painter, node, called, words) : painter.draw(node, { kind: "step", ...words });
  painter.link("data", painter.ofAll(node.args), shape.id);
  painter.set(node.into, new Set([shape.id]));
}

/** The pipeline that a template stands for, unless it is being drawn already. */
function calledBy({ pipeline, around }: Painter, name: string): Definition | undefined {
  const template = pipeline.templates[name];
  const called = template?.kind === "pipeline" ? definitionOf(pipeline, template.pipeline) : undefined;
  return called && !around.definitions.includes(called) ? called : undefined;
}

function drawCalled(
  painter: Painter,
  node: CallNode,
  called: Definition,
  words: Omit<Group, "kind" | "shapes">,
): Shape {
  const known = painter.wasDrawn(node);
  if (known) return known;
  const group = painter.drawGroup(node, words);
  painter.paintCalled(called, group);
  return group;
}

function callFunction(painter: Painter, node: CallNode): void {
  const name = typeof node.fn === "object" && node.fn?.kind === "variable" ? node.fn.name : undefined;
  const local = name === undefined ? undefined : painter.locals.get(name);
  const given = node.args.map((arg) => painter.of(arg));
  painter.set(node.into, local ? activate(painter, local, given) : painter.ofAll([node.fn ?? null, ...node.args]));
}
