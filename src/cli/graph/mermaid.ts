/** A picture as a Mermaid flowchart: data as solid arrows, decisions as dotted ones, regions as subgraphs. */
import { type Edge, type Picture, type Shape, shapesOf } from "./picture.ts";
import { sourceLine } from "./svg/words.ts";

export function mermaid({ shapes, edges }: Picture): string {
  const names = new Map<string, string>();
  const lines = [
    "flowchart TD",
    ...shapes.flatMap((shape) => draw(shape, "  ", names)),
    ...edges.map((edge) => link(edge, names)),
    ...colored(shapes, names),
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
    return [`${indent}${name}${open}${labelOf(shape)}${close}`];
  }
  const inner = shape.shapes.flatMap((part) => draw(part, `${indent}  `, names));
  return [`${indent}subgraph ${name}[${labelOf(shape)}]`, ...inner, `${indent}end`];
}

/** The source line and what happened stand in small type below. */
function labelOf({ label, at, fate }: Shape): string {
  const below = [at && sourceLine(at), fate?.words].filter(Boolean).join(" · ");
  return below ? `${quote(label).slice(0, -1)}<br/><small>${quote(below).slice(1, -1)}</small>"` : quote(label);
}

const colors: Record<string, string> = {
  completed: "stroke:#1f7a43,color:#1f7a43",
  failed: "stroke:#b3261e,color:#b3261e",
  running: "stroke:#0f6f8f,color:#0f6f8f",
  aborted: "stroke:#8a5a00,color:#8a5a00",
  skipped: "stroke:#b8c0ca,color:#8a95a5,stroke-dasharray:4 3",
  waiting: "stroke:#b8c0ca,stroke-dasharray:4 3",
  added: "stroke:#1f7a43,stroke-width:3px",
  removed: "stroke:#b3261e,stroke-width:2px,stroke-dasharray:5 3",
  changed: "stroke:#8a5a00,stroke-width:3px",
};

/** One class for each status or change that there is. */
function colored(shapes: Shape[], names: Map<string, string>): string[] {
  const byClass = Map.groupBy(shapesOf(shapes), ({ change, fate }) => change ?? fate?.status);
  return [...byClass].flatMap(([name, members]) => {
    if (name === undefined || !Object.hasOwn(colors, name)) return [];
    return [
      `  classDef ${name} ${colors[name]}`,
      `  class ${members.map(({ id }) => nameOf(id, names)).join(",")} ${name}`,
    ];
  });
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
