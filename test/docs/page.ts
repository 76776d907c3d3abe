/**
 * A page of the guide, as what its reader does: files to write, commands to run, and what those print. A block that is neither says why in a
 * comment before it: `<!-- not run: it installs the package -->`.
 */
export type Page = { name: string; files: File[]; commands: Commands[]; notRun: string[]; links: string[] };

/** A block of TypeScript whose first line is its path: `// pipeline.ts`. */
export type File = { path: string; code: string };

/** A block of shell commands; what they print is the block that follows at once. The last may end with `# exit code 1`. */
export type Commands = { line: number; script: string; exitCode: number; prints?: string };

const block = /^(?:<!-- not run: (?<why>[^\n]+?) -->\n\n?)?```(?<language>\w+)\n(?<text>.*?)^```$/gms;

export function readPage(name: string, text: string): Page {
  const page: Page = { name, files: [], commands: [], notRun: [], links: linksOf(text) };
  let before: { end: number; commands: Commands } | undefined;
  for (const found of text.matchAll(block)) {
    const { why, language, text: content = "" } = found.groups as Record<string, string>;
    const line = text.slice(0, found.index).split("\n").length;
    const path = /^\/\/ (\S+\.ts)\n/.exec(content)?.[1];
    const isOutput = before !== undefined && text.slice(before.end, found.index).trim() === "";
    if (why !== undefined) page.notRun.push(`${name}: ${why}`);
    else if (language === "ts" && path !== undefined) page.files.push({ path, code: content });
    else if (language === "sh") {
      const exitCode = Number(/# exit code (\d+)\n$/.exec(content)?.[1] ?? 0);
      const commands: Commands = { line, script: content, exitCode };
      page.commands.push(commands);
      before = { end: found.index + found[0].length, commands };
      continue;
    } else if (isOutput) before!.commands.prints = content;
    else throw new Error(`${name}:${line}: a block that nobody runs: give it a path, or say why not in a comment`);
    before = undefined;
  }
  return page;
}

/** Where the links lead that stay in the repository. */
function linksOf(text: string): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, to]) => to!).filter((to) => !/^https?:/.test(to));
}

/** The result that a file says its pipeline has: its last line, `// → { depth: 4 }`. */
export function saidResult({ code }: File): string | undefined {
  return /^\/\/ → (.+)\n$/m.exec(code.split("\n").slice(-2).join("\n"))?.[1];
}

/** Whether `printed` is what the page shows. There, `…` stands for any text, on a line of its own for any lines; times are not compared, nor is alignment. */
export function isShown(printed: string, shown: string): boolean {
  const pattern = bare(shown)
    .split("\n")
    .map((line) => (line.trim() === "…" ? "(?:.*\n)*?" : `${line.split("…").map(literal).join(".*")}\n`))
    .join("");
  return new RegExp(`^${pattern}$`).test(`${bare(printed)}\n`);
}

const bare = (text: string): string =>
  text
    .trimEnd()
    .replace(/\b(?:\d+ [hm] )?\d+(?:\.\d+)? (?:ms|s)\b/g, "0 ms")
    .replaceAll("0 ms ago", "just now")
    .replace(/ {2,}/g, " ");

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
