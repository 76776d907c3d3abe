/** A picture in the language of Graphviz: `dot -Tpdf`. */
import { type Change, type Edge, type Picture, type Shape, shapesOf } from "./picture.ts";
import { sourceLine } from "./svg/words.ts";

export function dot({ shapes, edges }: Picture, title: string): string {
  const groups = new Map<string, Shape>();
  for (const shape of shapesOf(shapes)) if (shape.kind === "group") groups.set(shape.id, shape);
  return `${[
    `digraph ${quote(title)} {`,
    "  compound=true;",
    '  node [fontname="Helvetica", fontsize=11, shape=box, style="rounded"];',
    '  edge [fontname="Helvetica", fontsize=9, arrowsize=0.7];',
    '  graph [fontname="Helvetica", fontsize=11, style="rounded", color="#8a95a5"];',
    ...shapes.flatMap((shape) => draw(shape, "  ")),
    ...edges.map((edge) => link(edge, groups)),
    "}",
  ].join("\n")}\n`;
}

const outlines = {
  input: 'shape=parallelogram, style=""',
  step: 'shape=box, style="rounded"',
  wait: 'shape=cds, style=""',
  decision: 'shape=hexagon, style=""',
  exit: "shape=box, style=rounded, peripheries=2",
} as const;

function draw(shape: Shape, indent: string): string[] {
  if (shape.kind !== "group")
    return [`${indent}${quote(shape.id)} [label=${labelOf(shape)}, ${outlines[shape.kind]}${colorOf(shape)}];`];
  const inner = shape.shapes.flatMap((part) => draw(part, `${indent}  `));
  // Dot links groups by way of something in them: where there is nothing else, a point.
  const empty = anchorOf(shape) === pointOf(shape) ? [`${indent}  ${quote(pointOf(shape))} [shape=point];`] : [];
  return [
    `${indent}subgraph ${quote(clusterOf(shape.id))} {`,
    `${indent}  label=${labelOf(shape)};${colorOf(shape).replace(/^, (.*)$/, " $1;")}`,
    ...empty,
    ...inner,
    `${indent}}`,
  ];
}

function link({ kind, from, to, label, change }: Edge, groups: Map<string, Shape>): string {
  const attributes = [
    ...(kind === "control" ? ["style=dotted"] : []),
    ...(label ? [`label=${quote(label)}`] : []),
    ...(groups.has(from) ? [`ltail=${quote(clusterOf(from))}`] : []),
    ...(groups.has(to) ? [`lhead=${quote(clusterOf(to))}`] : []),
    ...(change ? [`color="${changeColors[change]}"`] : []),
  ];
  const end = (id: string) => quote(groups.has(id) ? anchorOf(groups.get(id)!) : id);
  return `  ${end(from)} -> ${end(to)}${attributes.length > 0 ? ` [${attributes.join(", ")}]` : ""};`;
}

const clusterOf = (id: string): string => `cluster ${id}`;
const pointOf = (group: Shape): string => `point ${group.id}`;

function anchorOf(group: Shape): string {
  const inner = group.kind === "group" ? [...shapesOf(group.shapes)] : [];
  return inner.find(({ kind }) => kind !== "group")?.id ?? pointOf(group);
}

const changeColors: Record<Change, string> = { added: "#1f7a43", removed: "#b3261e", changed: "#8a5a00" };
const fateColors: Record<string, string> = {
  completed: "#1f7a43",
  failed: "#b3261e",
  running: "#0f6f8f",
  aborted: "#8a5a00",
  skipped: "#b8c0ca",
  waiting: "#b8c0ca",
};

function colorOf({ fate, change }: Shape): string {
  const color = change ? changeColors[change] : fate && fateColors[fate.status];
  return color ? `, color="${color}", fontcolor="${color}"` : "";
}

function labelOf({ label, at, fate }: Shape): string {
  return quote([label, at && sourceLine(at), fate?.words].filter(Boolean).join("\n"));
}

/** Backslashes mean something in labels. */
const quote = (text: string): string =>
  `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\r?\n/g, "\\n")}"`;
