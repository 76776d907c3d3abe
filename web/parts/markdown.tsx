/** Markdown as elements: headings, paragraphs, lists, tables, code, quotes. HTML in it is text, and a picture is a link: nothing is loaded from elsewhere. */
import type { ReactNode } from "react";
import { DataTable } from "./data-table.tsx";

export function Markdown({ text }: { text: string }) {
  return <div className="markdown">{blocksOf(text.split(/\r?\n/)).map(drawBlock)}</div>;
}

type Block =
  | { kind: "heading"; level: number; text: string }
  | { kind: "paragraph"; text: string }
  | { kind: "code"; text: string }
  | { kind: "quote"; blocks: Block[] }
  | { kind: "list"; ordered: boolean; items: Block[][] }
  | { kind: "table"; columns: string[]; rows: string[][] }
  | { kind: "rule" };

const fence = /^ {0,3}(```+|~~~+)/;
const heading = /^ {0,3}(#{1,6})\s+(.*?)\s*#*$/;
const rule = /^ {0,3}([-*_])(?:\s*\1){2,}\s*$/;
const quote = /^ {0,3}> ?/;
const marker = /^ {0,3}(?:[-*+]|(\d{1,9})[.)])\s+/;
const divider = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

function blocksOf(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  for (let at = 0; at < lines.length; ) {
    const [block, next] = blockAt(lines, at);
    if (block) blocks.push(block);
    at = next;
  }
  return blocks;
}

/** The block that begins in that line, and the line after it. */
function blockAt(lines: readonly string[], at: number): [Block | undefined, number] {
  const line = lines[at]!;
  if (line.trim() === "") return [undefined, at + 1];
  const fenced = fence.exec(line);
  if (fenced) {
    const end = lines.findIndex((other, i) => i > at && other.trim().startsWith(fenced[1]!));
    const last = end === -1 ? lines.length : end;
    return [{ kind: "code", text: lines.slice(at + 1, last).join("\n") }, last + 1];
  }
  const titled = heading.exec(line);
  if (titled) return [{ kind: "heading", level: titled[1]!.length, text: titled[2]! }, at + 1];
  if (rule.test(line)) return [{ kind: "rule" }, at + 1];
  if (quote.test(line)) {
    const end = endOf(lines, at, (other) => quote.test(other));
    const inner = lines.slice(at, end).map((other) => other.replace(quote, ""));
    return [{ kind: "quote", blocks: blocksOf(inner) }, end];
  }
  if (marker.test(line)) return listAt(lines, at);
  if (line.includes("|") && divider.test(lines[at + 1] ?? "")) {
    const end = endOf(lines, at + 2, (other) => other.includes("|"));
    return [{ kind: "table", columns: cells(line), rows: lines.slice(at + 2, end).map(cells) }, end];
  }
  const end = endOf(lines, at + 1, (other) => other.trim() !== "" && !begins(other));
  return [{ kind: "paragraph", text: lines.slice(at, end).join("\n") }, end];
}

/** Items of one list have markers of one kind; what is indented below one belongs to it. */
function listAt(lines: readonly string[], first: number): [Block, number] {
  const isOrdered = (line: string) => marker.exec(line)?.[1] !== undefined;
  const ordered = isOrdered(lines[first]!);
  const items: Block[][] = [];
  let at = first;
  while (at < lines.length && marker.test(lines[at]!) && isOrdered(lines[at]!) === ordered) {
    const { length } = marker.exec(lines[at]!)![0];
    const end = endOf(lines, at + 1, (other) => /^( {2,}|\t)/.test(other) || (other.trim() !== "" && !begins(other)));
    const inner = lines.slice(at + 1, end).map((other) => other.replace(new RegExp(`^\\s{1,${length}}`), ""));
    items.push(blocksOf([lines[at]!.slice(length), ...inner]));
    at = end;
    // An empty line between two items does not end the list.
    if (lines[at]?.trim() === "" && marker.test(lines[at + 1] ?? "")) at += 1;
  }
  return [{ kind: "list", ordered, items }, at];
}

const begins = (line: string): boolean => [fence, heading, rule, quote, marker].some((pattern) => pattern.test(line));

function endOf(lines: readonly string[], from: number, belongs: (line: string) => boolean): number {
  const found = lines.findIndex((line, i) => i >= from && !belongs(line));
  return found === -1 ? lines.length : found;
}

const cells = (line: string): string[] =>
  line
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());

function drawBlock(block: Block, key: number): ReactNode {
  switch (block.kind) {
    case "heading": {
      // Those of the page itself come first.
      const Level = `h${Math.min(6, block.level + 2)}` as "h3";
      return <Level key={key}>{inline(block.text)}</Level>;
    }
    case "paragraph":
      return <p key={key}>{inline(block.text)}</p>;
    case "code":
      return (
        <pre key={key} tabIndex={0}>
          {block.text}
        </pre>
      );
    case "quote":
      return <blockquote key={key}>{block.blocks.map(drawBlock)}</blockquote>;
    case "list": {
      const List = block.ordered ? "ol" : "ul";
      return (
        <List key={key}>
          {block.items.map((item, i) => (
            <li key={i}>
              {item.length === 1 && item[0]!.kind === "paragraph" ? inline(item[0]!.text) : item.map(drawBlock)}
            </li>
          ))}
        </List>
      );
    }
    case "table":
      return (
        <DataTable
          key={key}
          label="A table of the text"
          columns={block.columns}
          rows={block.rows}
          draw={(cell) => inline(String(cell ?? ""))}
        />
      );
    case "rule":
      return <hr key={key} />;
  }
}

/** Code, then links and pictures, then strong, then emphasis: what comes first keeps what is in it. */
const spans =
  /(`+)(.+?)\1|!?\[([^\]]*)\]\(([^\s)]+)(?:\s+"[^"]*")?\)|(\*\*|__)(?=\S)(.+?)\5|(\*|\b_)(?=\S)(.+?)\7(?!\w)/s;

function inline(text: string): ReactNode {
  const found = spans.exec(text);
  if (found === null) return text;
  const [whole, , code, label, address, , strong, , emphasis] = found;
  return (
    <>
      {text.slice(0, found.index)}
      {code !== undefined ? (
        <code>{code}</code>
      ) : address !== undefined ? (
        <Outward to={address}>{label === "" ? address : inline(label!)}</Outward>
      ) : strong !== undefined ? (
        <strong>{inline(strong)}</strong>
      ) : (
        <em>{inline(emphasis!)}</em>
      )}
      {inline(text.slice(found.index + whole.length))}
    </>
  );
}

/** Only to the web: an address may be a script. */
const Outward = ({ to, children }: { to: string; children: ReactNode }) =>
  /^https?:\/\//i.test(to) ? (
    <a href={to} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  ) : (
    <span>{children}</span>
  );
