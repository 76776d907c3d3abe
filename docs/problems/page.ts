/** `problems.md`: every problem with a program that has it, what is said of it, and a program without it. */
import type { Problem } from "../../src/compiler/problem.ts";
import { bodies } from "./body.ts";
import { bundles } from "./bundles.ts";
import { classBodies } from "./class-body.ts";
import { classes } from "./classes.ts";
import { compileError } from "./compile.ts";
import { type Example, filesOf, type Source } from "./example.ts";
import { finding } from "./finding.ts";
import { graphs } from "./graphs.ts";
import { options } from "./options.ts";
import { types } from "./types.ts";

const families: Record<string, Example[]> = {
  "Finding pipelines and steps": finding,
  Options: options,
  "The class door": classes,
  "The graph builder": graphs,
  "What passes between steps": types,
  "The body": bodies,
  "The body of a class": classBodies,
  "Code and files of steps": bundles,
};

export const examples: Example[] = Object.values(families).flat();

const introduction = `# Problems

What the compiler says of a pipeline that it cannot compile, by number. Each problem is shown with a program that has it, what is printed, and a
program that does not have it. Numbers that begin with TS are TypeScript's own.

This page is made from the code by \`npm run docs\`.
`;

export async function problemsPage(): Promise<string> {
  const sections = Object.entries(families).map(async ([family, all]) => {
    const parts: string[] = [];
    for (const example of all) parts.push(await section(example));
    return [`## ${family}\n`, ...parts].join("\n");
  });
  return [introduction, ...(await Promise.all(sections))].join("\n");
}

/** The one problem of the wrong program. Throws an Error where it has another one, or several, or at another place. */
export async function problemOf({ rule, wrong, choosing }: Example): Promise<{ problem: Problem; printed: string }> {
  const error = await compileError(unmarked(wrong), choosing?.wrong);
  if (error === undefined) throw new Error(`${rule.number}: the wrong program compiles`);
  const [problem, ...others] = error.problems;
  if (problem?.number !== rule.number || others.length > 0)
    throw new Error(`${rule.number}: the wrong program has other problems\n${error.message}`);
  const [file = "", line = ""] = problem.place.split(":");
  const marked = filesOf(wrong)[file]?.split("\n").findIndex((text) => text.endsWith(mark)) ?? -1;
  if (marked !== -1 && marked + 1 !== Number(line))
    throw new Error(`${rule.number}: the problem is at ${problem.place}, and not in the marked line ${marked + 1}`);
  return { problem, printed: error.message.replace(/\n\n1 problem$/, "") };
}

async function section(example: Example): Promise<string> {
  const { printed } = await problemOf(example);
  return `### ${example.rule.number} ${example.title}

Wrong${asked(example.choosing?.wrong)}:

${shown(unmarked(example.wrong))}

\`\`\`text
${printed}
\`\`\`

Right${asked(example.choosing?.right)}:

${shown(example.right)}
`;
}

const asked = (pipeline: string | undefined) => (pipeline === undefined ? "" : `, with \`--pipeline ${pipeline}\``);

const mark = " // here";

function unmarked(source: Source): Source {
  return Object.fromEntries(Object.entries(filesOf(source)).map(([path, text]) => [path, text.replaceAll(mark, "")]));
}

/** What is in `node_modules` goes without saying. */
function shown(source: Source): string {
  const files = Object.entries(filesOf(source)).filter(([path]) => !path.startsWith("node_modules/"));
  return files
    .map(([path, text]) => {
      const code = `\`\`\`${path.split(".").at(-1)}\n${text.trimEnd()}\n\`\`\``;
      return files.length === 1 ? code : `\`${path}\`\n\n${code}`;
    })
    .join("\n\n");
}
