/** The public names of an entry point, with what their docstrings say. */
import { join } from "node:path";
import { Node, Project } from "ts-morph";

export type Name = { name: string; isCalled: boolean; text: string; examples: string[] };

const project = new Project({
  tsConfigFilePath: join(import.meta.dirname, "../../tsconfig.json"),
  skipAddingFilesFromTsConfig: true,
});

/** What the file exports, and what can be called of the interfaces and objects among it: `Run.abort`. */
export function namesIn(file: string): Name[] {
  const exported = project.addSourceFileAtPath(file).getExportedDeclarations();
  return [...exported].flatMap(([name, declarations]) => {
    const own = documented(name, declarations.map(statementOf), declarations.some(isFunction));
    const overloads = Map.groupBy(declarations.flatMap(methodsOf), ({ name }) => name);
    const methods = [...overloads].map(([method, all]) =>
      documented(
        `${name}.${method}`,
        all.map(({ node }) => node),
        false,
      ),
    );
    return [own, ...methods];
  });
}

/** Overloads share their docs. */
function documented(name: string, nodes: readonly Node[], isCalled: boolean): Name {
  const docs = nodes.flatMap((node) => (Node.isJSDocable(node) ? node.getJsDocs() : []));
  const tags = docs.flatMap((doc) => doc.getTags()).filter((tag) => tag.getTagName() === "example");
  const text = docs.map((doc) => doc.getDescription().trim()).join("\n");
  return { name, isCalled, text, examples: tags.map((tag) => tag.getCommentText() ?? "") };
}

/** A variable's docs stand on its statement. */
function statementOf(node: Node): Node {
  return Node.isVariableDeclaration(node) ? node.getVariableStatementOrThrow() : node;
}

function isFunction(node: Node): boolean {
  if (Node.isVariableDeclaration(node)) return node.getType().getCallSignatures().length > 0;
  return Node.isFunctionDeclaration(node);
}

function methodsOf(node: Node): { name: string; node: Node }[] {
  const value = Node.isVariableDeclaration(node) ? node.getInitializer() : node;
  const members = Node.isInterfaceDeclaration(value)
    ? value.getMethods()
    : Node.isObjectLiteralExpression(value)
      ? value.getProperties().filter(Node.isMethodDeclaration)
      : [];
  return members.map((member) => ({ name: member.getName(), node: member }));
}
