/** What a function holds with `using` goes when it returns: a promise that it returns would go on without it, so it waits for it first. */
import { join, relative } from "node:path";
import { Node, Project, type ReturnStatement, SyntaxKind } from "ts-morph";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");

it("keeps what it holds till what it returns is there", { timeout: 60_000 }, () => {
  const project = new Project({ tsConfigFilePath: join(root, "tsconfig.json") });
  const holding = project.getSourceFiles().filter((file) => /^\s*(await )?using /m.test(file.getFullText()));
  expect(holding.length).toBeGreaterThan(30);
  const wrong = holding.flatMap((file) =>
    file
      .getDescendantsOfKind(SyntaxKind.ReturnStatement)
      .filter((statement) => givesPromise(statement) && holdsSomething(statement))
      .map((statement) => `${relative(root, file.getFilePath())}:${statement.getStartLineNumber()} must await it`),
  );
  expect(wrong).toEqual([]);
});

function givesPromise(statement: ReturnStatement): boolean {
  const value = statement.getExpression();
  if (value === undefined || Node.isAwaitExpression(value)) return false;
  const type = value.getType();
  return (type.isUnion() ? type.getUnionTypes() : [type]).some((each) => each.getProperty("then") !== undefined);
}

/** Whether a block around it, up to its function, holds something that goes with the block. */
function holdsSomething(statement: ReturnStatement): boolean {
  for (let node: Node | undefined = statement; node && !Node.isFunctionLikeDeclaration(node); node = node.getParent()) {
    if (!Node.isBlock(node)) continue;
    const before = node.getStatements().filter((each) => each.getPos() < statement.getPos());
    if (before.some((each) => /^(await )?using /.test(each.getText()))) return true;
  }
  return false;
}
