/** What keeps a view from being read, heard or used by keys: found in the browser's own accessibility tree and in the colors that it has computed. */
import type { Page } from "playwright-core";
import { contrast } from "./in-page/contrast.ts";
import { structure } from "./in-page/structure.ts";

/** Empty where nothing is wrong. Each is a sentence that names the element. */
export async function barriersOn(page: Page): Promise<string[]> {
  return [...(await namelessOn(page)), ...(await page.evaluate(structure)), ...(await page.evaluate(contrast))];
}

type Described = { value?: unknown };
type Node = { ignored: boolean; role?: Described; name?: Described; properties?: { name: string; value: Described }[] };

/** What has to be named to be of use. */
const named = new Set(
  "button link textbox searchbox spinbutton combobox checkbox img image progressbar log table navigation region".split(
    " ",
  ),
);

async function namelessOn(page: Page): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send("Accessibility.getFullAXTree")) as { nodes: Node[] };
  await session.detach();
  const isReached = ({ properties = [] }: Node) =>
    properties.some(({ name, value }) => name === "focusable" && value.value === true);
  return nodes
    .filter((node) => !node.ignored && (named.has(String(node.role?.value)) || isReached(node)))
    .filter(({ role, name }) => String(name?.value ?? "").trim() === "" && role?.value !== "generic")
    .filter(({ role }) => !["RootWebArea", "main", "option", "LabelText"].includes(String(role?.value)))
    .map(({ role }) => `a ${role?.value} has no name`);
}
