/** A picture as a Mermaid flowchart: data as solid arrows, decisions as dotted ones, regions as subgraphs. */
import type { Edge, Picture, Shape } from "./picture.ts";

export function mermaid({ shapes, edges }: Picture): string {
  const names = new Map<string, string>();
  const lines = [
    "flowchart TD",
    ...shapes.flatMap((shape) => draw(shape, "  ", names)),
    ...edges.map((edge) => link(edge, names)),
  ];
  return `${lines.join("\n")}\n`;
}

const brackets = {
  input: ["[/", "/]"],
  step: ["[", "]"],
  wait: ["{{", "}}"],
  decision: ["{", "}"],
  exit: ["([", "])"],
} as const;

function draw(shape: Shape, indent: string, names: Map<string, string>): string[] {
  const name = nameOf(shape.id, names);
  if (shape.kind !== "group") {
    const [open, close] = brackets[shape.kind];
    return [`${indent}${name}${open}${quote(shape.label)}${close}`];
  }
  const inner = shape.shapes.flatMap((part) => draw(part, `${indent}  `, names));
  return [`${indent}subgraph ${name}[${quote(shape.label)}]`, ...inner, `${indent}end`];
}

function link({ kind, from, to, label }: Edge, names: Map<string, string>): string {
  const [a, b] = [nameOf(from, names), nameOf(to, names)];
  if (kind === "data") return `  ${a} --> ${b}`;
  return label ? `  ${a} -. ${quote(label)} .-> ${b}` : `  ${a} -.-> ${b}`;
}

/** Mermaid's names are plain words, and some words mean something to it (`end` above all): none of them ends in `_`. */
function nameOf(id: string, names: Map<string, string>): string {
  const known = names.get(id);
  if (known) return known;
  const plain = id.replace(/[^A-Za-z0-9_]+/g, "_");
  const taken = new Set(names.values());
  let name = reserved.test(plain) ? `${plain}_` : plain;
  for (let n = 2; taken.has(name); n++) name = `${plain}_${n}`;
  names.set(id, name);
  return name;
}

const reserved = /^(end|graph|flowchart|subgraph|direction|style|linkStyle|classDef|class|click|call|href|default|)$/i;

/** Longer labels make boxes wider than pictures. */
const maxLabel = 80;

function quote(label: string): string {
  const line = label.replace(/\s+/g, " ").trim();
  const cut = line.length > maxLabel ? `${line.slice(0, maxLabel - 1)}…` : line;
  return `"${cut.replace(/[#"<>&`]/g, (character) => `#${character.charCodeAt(0)};`)}"`;
}
